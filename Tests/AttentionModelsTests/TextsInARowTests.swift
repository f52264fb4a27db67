import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Texts that stand behind one another in a row are read as if each stood alone.
@Suite struct TextsInARowTests {
    private static let texts = [[7, 9, 12], [8], [11, 6, 5, 13, 9], [10, 7]]

    /// Families that count positions in the embeddings, that count them from behind padding's id, and that have distances, rotations and windows in the layers.
    @Test(arguments: ["bert", "roberta-words", "mpnet", "modernbert-words", "albert-words", "electra-replaced"])
    func areReadAsIfAlone(_ name: String) throws {
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + name)
        let encoder = try folder.encoder(for: .features).encoder
        #expect(encoder.keepsTextsApart)
        func states(_ batch: TokenBatch) throws -> Tensor {
            try encoder.encode(batch, observing: .nothing, training: nil).last.squeezed(axis: 0)
        }
        let packed = try states(TokenBatch(behindOneAnother: Self.texts))
        #expect(packed.shape == [11, encoder.modelSize])
        var first = 0
        for text in Self.texts {
            let alone = try states(TokenBatch([text], padding: 1))
            let found = try packed.sliced(axis: 0, first..<first + text.count)
            for (x, y) in zip(found.values, alone.values) { #expect(abs(x - y) < 1e-5 * (1 + abs(y))) }
            first += text.count
        }
    }

    @Test func othersSayThatTheyDoNot() throws {
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/deberta-words")
        #expect(!(try folder.encoder(for: .features).encoder.keepsTextsApart))
    }

    @Test func asManyTextsAsIds() {
        #expect(throws: ShapeError("TokenBatch", expected: "1 rows of 2 ids", found: "1")) {
            try TokenBatch(ids: [1, 2], rowCount: 1, length: 2, texts: [0])
        }
    }
}
