import Attention
import AttentionFiles
import Foundation
import Testing

/// PDF as poppler draws it and PNG as librsvg does, beside what Chromium makes of the SVG (`scripts/make-picture-fixtures.py`).
@Suite struct PictureTests {
    private static let views: [TraceView] = [.alignment, .heads, .model, .arcs]

    private static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/Pictures/\(name)").path
    }

    private static func trace() throws -> ModelTrace { try ModelTrace(path: fixture("trace.safetensors")) }

    private static func reference(_ view: TraceView) throws -> Blocks {
        Blocks(try Image(contentsOf: fixture("\(view.rawValue).png")), size: 1)
    }

    @Test(arguments: views) func pdfIsTheReference(_ view: TraceView) throws {
        guard let image = try Self.drawn(try Self.trace().figure(view, of: .encoder).pdf()) else { return }
        let (found, expected) = (Blocks(image, size: 4), try Self.reference(view))
        #expect(found.isLike(expected), "\(found.difference(from: expected)), \(found.ink) and \(expected.ink)")
    }

    @Test(arguments: views) func pngIsTheReference(_ view: TraceView) throws {
        let figure = try Self.trace().figure(view, of: .encoder)
        let bytes: [UInt8]
        do throws(FigureError) { bytes = try VectorRenderer().png(of: figure, scale: 2) } catch {
            guard case .noRenderer = error else { throw error }
            print("PictureTests: no librsvg on this machine (apt install librsvg2-2), so that no PNG was drawn")
            return
        }
        let (found, expected) = (Blocks(try Image(bytes), size: 8), try Self.reference(view))
        #expect(found.isLike(expected), "\(found.difference(from: expected)), \(found.ink) and \(expected.ink)")
    }

    /// A weight that is half of what it should be is seen, and so is another view.
    @Test(arguments: views) func aMutationIsSeen(_ view: TraceView) throws {
        let (trace, expected) = (try Self.trace(), try Self.reference(view))
        let part = trace.attention[0]
        var weights = part.weights
        // From the second word to the first, in the first head.
        weights[6] /= 2
        let mutated = try ModelTrace(
            name: trace.name, sequences: trace.sequences,
            attention: [
                TracedAttention(
                    kind: part.kind, queries: part.queries, keys: part.keys, layers: part.layers, heads: part.heads,
                    chosen: part.chosen, weights: weights)
            ])
        guard let image = try Self.drawn(try mutated.figure(view, of: .encoder).pdf()) else { return }
        #expect(!Blocks(image, size: 4).isLike(expected))
        let other = try Self.reference(view == .heads ? .arcs : .heads)
        #expect(!other.isLike(expected))
    }

    /// A picture of one colour, paler than it is, and the place that is looked at in the colour of weights.
    @Test func weightsOverAPicture() throws {
        let image = try Image(
            width: 2, height: 3, channels: .rgb, samples: (0..<6).flatMap { _ in [200, 40, 40] as [UInt8] })
        let picture = try TracedPicture(png: PNG.bytes(of: image), rowCount: 3, columnCount: 2)
        let trace = try ModelTrace(
            name: "toy",
            sequences: [
                try TracedSequence(name: "source", pieces: "wabcdef".map(String.init), picture: picture),
                try TracedSequence(name: "target", pieces: ["cat"]),
            ],
            attention: [
                TracedAttention(
                    kind: .cross, queries: 1, keys: 0, layers: [0], heads: [0],
                    weights: [0.5, 0.5, 0, 0, 0, 0, 0])
            ])
        let figure = try trace.figure(.overlay, of: .cross)
        if let drawn = try Self.drawn(try figure.pdf()) { check(drawn, scale: 1) }
        let bytes: [UInt8]
        do throws(FigureError) { bytes = try VectorRenderer().png(of: figure, scale: 2) } catch {
            guard case .noRenderer = error else { throw error }
            print("PictureTests: no librsvg on this machine (apt install librsvg2-2), so that no PNG was drawn")
            return
        }
        check(try Image(bytes), scale: 2)
    }

    /// The middle of each place: 0.6 of the picture on the ground of panels, and on the first of them 0.85 of a weight's colour.
    private func check(_ drawn: Image, scale: Int) {
        for place in 0..<6 {
            let (row, column) = place.quotientAndRemainder(dividingBy: 2)
            let found = drawn[scale * (16 + 98 + 196 * column), scale * (68 + 98 + 196 * row)].prefix(3).map(Int.init)
            let expected = place == 0 ? [84, 63, 161] : [216, 121, 123]
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 6 }, "place \(place): \(found)")
        }
    }

    /// What poppler draws, a pixel for each of the figure; nil where it is not installed.
    private static func drawn(_ pdf: [UInt8]) throws -> Image? {
        let folder = FileManager.default.temporaryDirectory.path + "/attention-picture-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicFile.write(pdf, to: folder + "/figure.pdf")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "pdftoppm", "-r", "72", "-png", "-singlefile", folder + "/figure.pdf", folder + "/figure",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else {
            print("PictureTests: no pdftoppm on this machine (apt install poppler-utils), so that no PDF was drawn")
            return nil
        }
        return try Image(contentsOf: folder + "/figure.png")
    }
}

/// A picture as the means of its blocks.
private struct Blocks {
    let width: Int
    let height: Int
    /// How far the channels of each block are apart: cells and lines are coloured, letters are not, whatever font they are drawn with.
    let chroma: [Double]
    /// How dark it is where it has no colour: the letters.
    let ink: Double

    /// The whole blocks of this many pixels each way.
    init(_ image: Image, size: Int) {
        (width, height) = (image.width / size, image.height / size)
        var (chroma, ink): ([Double], Double) = ([], 0)
        for place in 0..<width * height {
            let (left, top) = (place % width * size, place / width * size)
            var sums = [Double](repeating: 0, count: 3)
            for y in top..<top + size {
                for x in left..<left + size {
                    let pixel = image[x, y]
                    let channels = image.channels.rawValue < 3 ? [0, 0, 0] : [0, 1, 2]
                    for channel in 0..<3 { sums[channel] += Double(pixel[pixel.startIndex + channels[channel]]) }
                }
            }
            let means = sums.map { $0 / Double(size * size) }
            let (brightest, darkest) = (means.max() ?? 0, means.min() ?? 0)
            chroma.append(brightest - darkest)
            if brightest - darkest < 20 { ink += 255 - brightest }
        }
        (self.chroma, self.ink) = (chroma, ink / Double(max(1, width * height)))
    }

    /// The greatest difference of colour.
    func difference(from other: Blocks) -> Double {
        zip(chroma, other.chroma).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// Whether every block has its colour, and there are about as many letters.
    func isLike(_ other: Blocks) -> Bool {
        (width, height) == (other.width, other.height) && difference(from: other) <= 24
            && abs(ink - other.ink) <= 0.35 * other.ink
    }
}
