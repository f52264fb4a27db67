import AttentionTensors
import AttentionTraining
import SharedPictures
import ShowAttendTell
import Testing

/// Digits as bright squares: see `DigitCollection.squares`.
@Suite struct DigitGridTests {
    /// The caption of these rows, from above; dots are empty cells.
    private func caption(_ rows: String...) -> String {
        DigitGrid(rows.joined().map { $0.wholeNumberValue }).caption.joined(separator: " ")
    }

    @Test func knownLayoutsHaveTheirCaptions() {
        #expect(caption("..3", "...", "1.1") == "a three above two ones")
        #expect(caption("...", "8..", "...") == "an eight")
        #expect(caption("520", "...", "...") == "a five beside a two beside a zero")
        #expect(caption("5..", ".5.", "..9") == "a five above a five above a nine")
        #expect(caption("222", "...", "...") == "three twos")
        #expect(caption("...", "664", ".7.") == "two sixes beside a four above a seven")
        #expect(caption("484", "...", "...") == "a four beside an eight beside a four")
        #expect(caption("...", "...", "...") == "")
    }

    @Test func theSameKeyComposesTheSame() {
        let shelves = DigitShelves(.squares)
        let one = DigitGrid.scenes(50, from: shelves, key: RandomKey(seed: 5))
        #expect(one == DigitGrid.scenes(50, from: shelves, key: RandomKey(seed: 5)))
        #expect(one != DigitGrid.scenes(50, from: shelves, key: RandomKey(seed: 6)))
        let known = Set(DigitGrid.vocabulary.words)
        #expect(known.count == 25 && DigitGrid.vocabulary.count == 26)
        for scene in one {
            #expect(known.isSuperset(of: scene.words) && !scene.words.contains(Vocabulary.unknown))
            #expect((2...DigitGrid.longestCaption).contains(scene.words.count))
            #expect(scene.pixels.count == 64 * 64 && scene.pixels.allSatisfy { (0...1).contains($0) })
        }
    }

    /// Squares of twelve pixels do not meet, and tell by their light which digits they are.
    @Test func whatIsSaidStandsThere() {
        for count in 2...4 {
            let scenes = DigitGrid.scenes(
                20, digitCounts: count...count, from: DigitShelves(.squares), key: RandomKey(seed: 7))
            for scene in scenes {
                let cells = (0..<9).map { cell -> Int? in
                    let light = scene.pixels[(21 * (cell / 3) + 11) * 64 + 21 * (cell % 3) + 11]
                    return light > 0 ? Int((light * 255).rounded() - 100) / 10 : nil
                }
                #expect(cells.compactMap { $0 }.count == count)
                #expect(DigitGrid(cells).caption == scene.words)
                #expect(scene.pixels.count { $0 > 0 } == 144 * count)
            }
        }
    }

    @Test func wordsHaveNumbers() {
        let vocabulary = Vocabulary(["b", "a", "b"])
        #expect(vocabulary.words == ["b", "a", "?"] && vocabulary.end == 3 && vocabulary.count == 4)
        #expect(vocabulary.numbers(of: ["a", "c", "b"]) == [1, 2, 0])
        // One that stands among the others is the same.
        #expect(Vocabulary(["?", "a"]).words == ["a", "?"])
        #expect(Vocabulary(["?", "a"]).numbers(of: ["?", "a", "c"]) == [1, 0, 1])
    }
}

/// Two digits.
enum SmallDigits {
    private static let all = DigitCollection.squares
    /// The darkest and the lightest.
    static let two = DigitCollection(images: [all.images[0], all.images[9]], labels: [0, 9])
}
