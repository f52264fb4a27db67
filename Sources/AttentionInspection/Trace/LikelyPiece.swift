/// A piece that could have stood in a place, and how likely a model found it there.
public struct LikelyPiece: Sendable, Equatable, Codable {
    /// As the vocabulary spells it.
    public let piece: String
    /// P(piece | what stands before it), from 0 to 1.
    public let probability: Float
    /// What it adds to a text, a space before it included; nil where that is not known, and of special pieces.
    public let text: String?

    /// A piece and its probability.
    public init(_ piece: String, _ probability: Float, text: String? = nil) {
        (self.piece, self.probability, self.text) = (piece, probability, text)
    }
}
