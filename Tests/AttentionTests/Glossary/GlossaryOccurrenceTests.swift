import Attention
import Foundation
import Testing

/// Terms in sentences, without a model that says them.
@Suite struct GlossaryOccurrenceTests {
    private func found(_ terms: [(String, String)], in sentence: String) -> [String] {
        let glossary = Glossary(terms.map { Glossary.Term($0.0, $0.1) })
        return glossary.occurrences(in: sentence.split(separator: " ").map(String.init)).map {
            "\($0.words) \($0.term.target)"
        }
    }

    @Test func longerTermsBeforeShorter() {
        let terms = [("station", "halte"), ("train station", "gare"), ("Train", "rame"), ("station", "poste")]
        #expect(
            found(terms, in: "The train station, not a train: a station!") == [
                "1..<3 gare", "5..<6 rame", "7..<8 halte",
            ])
        #expect(found(terms, in: "stations trained") == [])
        #expect(found([], in: "a") == [] && found([("a b", "x")], in: "a") == [])
    }

    @Test func aFileOfTerms() throws {
        let path = NSTemporaryDirectory() + "glossary-\(UUID().uuidString).tsv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("# words\n\ncar\tauto\r\ntrain  station\tla gare\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try Glossary(path: path) == Glossary([.init("car", "auto"), .init("train station", "la gare")]))
        try Data("car\tauto\tvoiture\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: GlossaryError.badLine(path, number: 1, found: "car\tauto\tvoiture")) {
            try Glossary(path: path)
        }
    }
}
