import AttentionEvaluation
import Testing

@Suite struct WordVocabularyTests {
    @Test func idsInOrderOfAppearanceWhateverTheCase() {
        var vocabulary = WordVocabulary()
        #expect(vocabulary.ids(of: ["Das", "Haus", "ist", "das", "HAUS"]) == [0, 1, 2, 0, 1])
        #expect(vocabulary.ids(of: ["Öl", "das", "öl", ""]) == [3, 0, 3, 4])
        #expect(vocabulary.count == 5)
        #expect(vocabulary.ids(of: []) == [])
    }

    @Test func copiesAreIndependent() {
        var vocabulary = WordVocabulary()
        _ = vocabulary.ids(of: ["a"])
        var copy = vocabulary
        #expect(copy.ids(of: ["b"]) == [1])
        #expect(vocabulary.count == 1)
        #expect(vocabulary.ids(of: ["c", "a"]) == [1, 0])
        #expect(vocabulary != copy)
    }
}
