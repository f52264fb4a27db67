import AttentionFiles
import AttentionText
import Foundation
import Testing

/// A folder with a tokenizer and what the reference makes of texts with it (`cases.jsonl`, `batch.jsonl`): the form of
/// scripts/make-tokenizer-folders.py.
struct TokenizerFolder: Sendable, CustomTestStringConvertible {
    let path: String

    var testDescription: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The folders beside the tests and, where they are, the many of the folder that `ATTENTION_PRETRAINED` names
    /// (beside the package if it names none).
    static let all: [TokenizerFolder] = {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let pretrained =
            ProcessInfo.processInfo.environment["ATTENTION_PRETRAINED"] ?? "/\(package)/../shared/pretrained"
        return folders(Fixtures.path("folders")) + folders(pretrained + "/tokenizers")
    }()

    private static func folders(_ root: String) -> [TokenizerFolder] {
        guard let names = try? Directory.names(in: root) else { return [] }
        return names.map { TokenizerFolder(path: "\(root)/\($0)") }
    }

    func lines(_ name: String) throws -> [JSONValue] {
        guard Directory.hasFile("\(path)/\(name)") else { return [] }
        return try FileContents.read("\(path)/\(name)").split(separator: UInt8(ascii: "\n")).map {
            try JSONParser.parse(Array($0))
        }
    }
}
