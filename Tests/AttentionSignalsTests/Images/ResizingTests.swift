import AttentionSignals
import Testing

@Suite struct ResizingTests {
    static let targets = [(11, 7), (21, 20), (26, 5), (9, 17), (1, 1), (50, 3)]

    private func photo() throws -> Image {
        try Image(width: 26, height: 17, channels: .rgb, samples: Fixtures.bytes("resizing/photo"))
    }

    @Test(arguments: ResizingFilter.allCases) func equalsPillow(_ filter: ResizingFilter) throws {
        for (width, height) in Self.targets {
            let resized = try photo().resized(width: width, height: height, filter: filter)
            #expect(resized.samples == (try Fixtures.bytes("resizing/pillow-\(filter)-\(width)x\(height)")), "\(width)")
        }
    }

    @Test(arguments: [ResizingFilter.bilinear, .bicubic]) func equalsTorch(_ filter: ResizingFilter) throws {
        for (width, height) in Self.targets {
            let resized = try photo().resized(width: width, height: height, filter: filter, arithmetic: .torch)
            #expect(resized.samples == (try Fixtures.bytes("resizing/torch-\(filter)-\(width)x\(height)")), "\(width)")
        }
    }

    @Test func transparencyIsMixedAsPillowDoes() throws {
        let alpha = try Image(width: 26, height: 17, channels: .rgba, samples: Fixtures.bytes("resizing/alpha"))
        let resized = try alpha.resized(width: 11, height: 7)
        #expect(resized.samples == (try Fixtures.bytes("resizing/pillow-alpha-11x7")))
    }

    @Test(arguments: ["bilinear", "bicubic"]) func planesEqualTorch(_ name: String) throws {
        let planes = PixelPlanes(try photo())
        let bilinear = name == "bilinear"
        for (width, height) in Self.targets.prefix(3) {
            for (kind, form) in [
                ("antialias", PlaneResizing.antialiased(bilinear ? .bilinear : .bicubic)),
                ("plain", .interpolated(bilinear ? .bilinear : .bicubic)),
            ] {
                let resized = try planes.resized(width: width, height: height, form)
                let expected = try Fixtures.floats("resizing/float-\(name)-\(kind)-\(width)x\(height)")
                #expect(Fixtures.distance(resized.values, expected) < 2e-6, "\(kind) \(width)")
            }
        }
    }

    /// One colour stays that colour, whatever the sizes.
    @Test func flatStaysFlat() throws {
        let flat = try Image(width: 7, height: 5, channels: .grey, samples: [UInt8](repeating: 200, count: 35))
        for filter in ResizingFilter.allCases {
            for (width, height) in [(1, 1), (3, 9), (100, 2)] {
                for arithmetic in [ResizingArithmetic.pillow, .torch] {
                    let resized = try flat.resized(width: width, height: height, filter: filter, arithmetic: arithmetic)
                    #expect(resized.samples.allSatisfy { $0 == 200 }, "\(filter) \(width)")
                }
            }
        }
    }

    @Test func refusesSizesThatCannotBe() throws {
        #expect(
            throws: SignalError.unfit(
                operation: "resize", expected: "a width and height of 1 or more", found: "0 by 3",
                wayOut: "choose a larger size")
        ) { try photo().resized(width: 0, height: 3) }
        #expect(throws: SignalError.self) { try photo().resized(width: 1 << 30, height: 1 << 30) }
        // Neither picture is large, but what lies between them in PyTorch's order.
        let column = try Image(width: 1, height: 5000, channels: .grey, samples: [UInt8](repeating: 3, count: 5000))
        #expect(throws: SignalError.self) { try column.resized(width: 50_000, height: 1, arithmetic: .torch) }
        #expect(try column.resized(width: 50_000, height: 1).samples == [UInt8](repeating: 3, count: 50_000))
        #expect(try PixelPlanes(column).resized(width: 50_000, height: 1, .antialiased(.bicubic)).width == 50_000)
    }
}
