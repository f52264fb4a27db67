import AttentionTensors
import AttentionTraining
import HouseNumbers
import SharedPictures
import Testing

@Suite struct DigitSceneTests {
    @Test func theSameKeyComposesTheSame() {
        for layout in [DigitScene.Layout.translated, .cluttered, .numbers] {
            let one = scenes(20, layout, from: .squares, key: RandomKey(seed: 5))
            #expect(one == scenes(20, layout, from: .squares, key: RandomKey(seed: 5)))
            #expect(one != scenes(20, layout, from: .squares, key: RandomKey(seed: 6)))
            #expect(Set(one.map(\.digits.count)).isSubset(of: Array(layout.digitCounts)))
            for scene in one {
                #expect(scene.pixels.count == layout.width * layout.height)
                #expect(scene.pixels.allSatisfy { (0...1).contains($0) })
                #expect(scene.centres.count == scene.digits.count)
                #expect(zip(scene.centres, scene.centres.dropFirst()).allSatisfy { $0.x + 20 <= $1.x })
            }
        }
    }

    @Test func aDigitStandsWhereItIsSaid() {
        for scene in scenes(20, .translated, from: .squares, key: RandomKey(seed: 5)) {
            let expected = Float(100 + 10 * scene.digits[0]) / 255
            let (x, y) = (Int(scene.centres[0].x), Int(scene.centres[0].y))
            #expect(scene.pixels[y * 60 + x] == expected)
            #expect(scene.pixels.count { $0 > 0 } == 144 && scene.pixels.allSatisfy { $0 == 0 || $0 == expected })
        }
    }

    @Test func numbersReadFromLeftToRight() {
        let found = scenes(50, .numbers, from: .squares, key: RandomKey(seed: 5))
        #expect(Set(found.map(\.digits.count)) == [1, 2, 3])
        // Pieces of others only add light.
        for scene in found {
            for (digit, centre) in zip(scene.digits, scene.centres) {
                #expect(scene.pixels[Int(centre.y) * 96 + Int(centre.x)] >= Float(100 + 10 * digit) / 255)
            }
        }
    }

    @Test func batchesFollowFromTheirNumbers() throws {
        let batches = SceneBatches(.squares, .cluttered, batchSize: 3, key: RandomKey(seed: 1))
        #expect(try batches.epoch(2).batch(7) == batches.epoch(2).batch(7))
        #expect(try batches.epoch(2).batch(7) != batches.epoch(3).batch(7))
    }
}
