import AttentionSignals
import Testing

@Suite struct MovingTests {
    private func picture() throws -> Image {
        try Image(width: 3, height: 2, channels: .greyAlpha, samples: [1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16])
    }

    @Test func aMirrorSwapsLeftAndRight() throws {
        let picture = try picture()
        #expect(picture.mirrored.samples == [3, 13, 2, 12, 1, 11, 6, 16, 5, 15, 4, 14])
        #expect(picture.mirrored.mirrored == picture)
    }

    @Test func whatIsMovedLeavesNothingBehind() throws {
        let picture = try picture()
        #expect(picture.moved(right: 0, down: 0) == picture)
        #expect(picture.moved(right: 1, down: 0).samples == [0, 0, 1, 11, 2, 12, 0, 0, 4, 14, 5, 15])
        #expect(picture.moved(right: -2, down: 1).samples == [0, 0, 0, 0, 0, 0, 3, 13, 0, 0, 0, 0])
        #expect(picture.moved(right: 0, down: -1).samples == [4, 14, 5, 15, 6, 16, 0, 0, 0, 0, 0, 0])
        for (right, down) in [(3, 0), (-9, 0), (0, 2), (0, -5)] {
            #expect(picture.moved(right: right, down: down).samples.allSatisfy { $0 == 0 })
        }
    }
}
