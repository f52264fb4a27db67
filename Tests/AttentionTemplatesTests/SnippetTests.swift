import AttentionFiles
import Foundation
import Testing

@testable import AttentionTemplates

/// White space, expressions, filters, tests and methods one by one, as the reference has them.
@Suite struct SnippetTests {
    private struct Snippet: Decodable {
        let source: String
        let text: String?
        let error: String?
    }

    private func snippets() throws -> [Snippet] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/snippets.json")
        return try JSONDecoding.decode(from: try FileContents.read(folder.path()))
    }

    @Test func allAreTheReferences() throws {
        var refusedCount = 0
        for snippet in try snippets() {
            do {
                let text = try Template(snippet.source).render([], now: ReferenceTests.now)
                #expect(
                    text == snippet.text && text.utf8.elementsEqual((snippet.text ?? "").utf8),
                    "\(snippet.source)\n\(text)")
            } catch {
                refusedCount += 1
                #expect(snippet.text == nil, "\(snippet.source): \(error)")
            }
        }
        #expect(refusedCount > 30)
    }
}
