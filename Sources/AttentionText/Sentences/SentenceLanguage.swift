/// A language whose sentences can be told apart.
public enum SentenceLanguage: String, Sendable, Codable, CaseIterable {
    case english = "en"
    case french = "fr"
    case german = "de"
    case spanish = "es"

    /// What the rules must know of it.
    var abbreviations: Abbreviations {
        switch self {
        case .english: .english
        case .french: .french
        case .german: .german
        case .spanish: .spanish
        }
    }
}
