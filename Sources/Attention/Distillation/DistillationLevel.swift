/// What a student is told of its teacher beside translations.
public enum DistillationLevel: String, Codable, Sendable, Hashable, CaseIterable {
    /// Nothing: it learns from translations.
    case sequence
    /// At every position of them, how likely the teacher finds each word.
    case word
}
