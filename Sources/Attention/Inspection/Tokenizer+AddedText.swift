import AttentionInspection
import AttentionText

extension Tokenizer {
    /// What a token adds to a text, a space before it included; bytes that are no whole character stand as numbers. nil for special tokens.
    func addedText(of id: Int) -> String? {
        addedBytes(of: id, isFirst: false).map { String(pieceBytes: $0) }
    }
}
