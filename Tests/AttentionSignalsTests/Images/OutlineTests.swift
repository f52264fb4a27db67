import AttentionSignals
import Testing

@Suite struct OutlineTests {
    /// Where a picture of zeros was drawn on.
    private func drawn(_ outline: Image.Outline, thickness: Int = 1) throws -> [String] {
        let picture = try Image(width: 6, height: 4, channels: .grey, samples: [UInt8](repeating: 0, count: 24))
        let result = picture.outlined([outline], thickness: thickness)
        #expect(result.channels == .rgb && result.width == 6 && result.height == 4)
        return (0..<4).map { y in (0..<6).map { result[$0, y].elementsEqual([9, 8, 7]) ? "#" : "." }.joined() }
    }

    private func outline(_ left: Float, _ top: Float, _ right: Float, _ bottom: Float) -> Image.Outline {
        Image.Outline(left: left, top: top, right: right, bottom: bottom, color: [9, 8, 7])
    }

    @Test func framesStandAroundPixels() throws {
        #expect(try drawn(outline(1, 0.2, 5, 3.9)) == [".####.", ".#..#.", ".#..#.", ".####."])
        #expect(try drawn(outline(1, 0, 5, 4), thickness: 2) == [".####.", ".####.", ".####.", ".####."])
    }

    @Test func whatIsBeyondThePictureIsNotDrawn() throws {
        #expect(try drawn(outline(-3, 1, 3, 99)) == ["......", "###...", "..#...", "..#..."])
        #expect(try drawn(outline(-99, -99, -50, -50)) == ["......", "......", "......", "......"])
        #expect(try drawn(outline(-1e30, -1e30, 1e30, 1e30)) == ["......", "......", "......", "......"])
        #expect(try drawn(outline(.nan, 1, 3, .infinity)) == ["......", "......", "......", "......"])
        #expect(try drawn(outline(5, 3, 5, 3)) == ["......", "......", "......", ".....#"])
    }
}
