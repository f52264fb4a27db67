import AttentionFiles
import AttentionText
import Foundation
import Testing

/// Characters of texts become ids and the files of a folder, from which the same characters are read.
@Suite struct CharacterVocabularyTests {
    @Test func textsBecomeIdsAndFiles() throws {
        let vocabulary = CharacterVocabulary(of: ["ba ab", "é'", "a"])
        #expect(vocabulary.blank == 0 && vocabulary.count == 7)
        #expect(vocabulary.encode("a 'bé") == [4, 2, 3, 5, 6])
        // What has no id is left out.
        #expect(vocabulary.encode("a<pad>x|b") == [4, 4, 2, 5])
        #expect(vocabulary.decode([4, 2, 3, 0, 1, 6]) == "a 'é")
        #expect(CharacterVocabulary(of: [String]()).count == 3 && CharacterVocabulary(of: [" | "]).count == 3)
        let path = NSTemporaryDirectory() + "characters-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try vocabulary.write(to: path)
        let read = try CharacterVocabulary(folder: path)
        #expect(read.blank == 0 && read.count == 7 && read.isDelimiter(2))
        #expect(read.decode([4, 2, 3, 0, 1, 6]) == "a 'é" && read.encode("a 'bé") == [4, 2, 3, 5, 6])
        let settings = String(decoding: try FileContents.read(path + "/tokenizer_config.json"), as: UTF8.self)
        #expect(
            settings.contains("\"tokenizer_class\" : \"Wav2Vec2CTCTokenizer\"")
                && settings.contains("\"bos_token\" : null"))
    }
}
