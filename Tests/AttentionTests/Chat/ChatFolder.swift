import Attention
import Foundation

/// A copy of the tiny language model with files of a conversation beside it.
final class ChatFolder {
    static let template =
        "{% for m in messages %}{{ m.role[0] }}{{ m.content }}.{% endfor %}{% if add_generation_prompt %}a{% endif %}"
    let path = NSTemporaryDirectory() + "chat-" + UUID().uuidString

    init(_ files: [String: String]) throws {
        try FileManager.default.copyItem(atPath: TextGeneratorTests.folder, toPath: path)
        for (name, text) in files { try AtomicFile.write(Array(text.utf8), to: path + "/" + name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
