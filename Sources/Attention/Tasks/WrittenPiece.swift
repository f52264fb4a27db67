public import AttentionDecoding

/// A piece of text that no later token can change, and the tokens that it was written with.
public struct WrittenPiece: Sendable, Hashable {
    /// The text.
    public let text: String
    /// The tokens whose text begins in it. One that ends a text is in none, nor is what a stop word is made of.
    public let tokens: [WrittenToken]
}

/// Pieces of text that comes token by token, with their tokens.
struct WrittenPieces {
    private var pieces: TextPieces
    /// Tokens that are in no piece yet, and where their text begins.
    private var waiting: [(token: WrittenToken, start: Int)] = []
    /// How many bytes of text are in pieces.
    private var byteCount = 0

    init(_ pieces: TextPieces) { self.pieces = pieces }

    /// What is certain with one token more; nil for nothing.
    mutating func add(_ token: WrittenToken) -> WrittenPiece? {
        waiting.append((token, pieces.byteCount))
        return piece(pieces.add(token.choice.token))
    }

    /// What has waited when nothing follows any more.
    mutating func rest() -> WrittenPiece? { piece(pieces.rest()) }

    private mutating func piece(_ text: String) -> WrittenPiece? {
        guard !text.isEmpty else { return nil }
        byteCount += text.utf8.count
        let own = waiting.prefix { $0.start < byteCount }.map(\.token)
        waiting.removeFirst(own.count)
        return WrittenPiece(text: text, tokens: own)
    }
}
