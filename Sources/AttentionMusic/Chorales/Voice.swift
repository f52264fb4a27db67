/// One of the four voices of a chorale, from the highest to the lowest.
public enum Voice: Int, Sendable, Hashable, CaseIterable {
    case soprano, alto, tenor, bass

    /// The name people say.
    public var name: String {
        switch self {
        case .soprano: "soprano"
        case .alto: "alto"
        case .tenor: "tenor"
        case .bass: "bass"
        }
    }

    /// The pitches that Bach writes for the voice in the 229 chorales that models are trained on.
    public var range: ClosedRange<Int> {
        switch self {
        case .soprano: 60...81
        case .alto: 52...74
        case .tenor: 46...69
        case .bass: 36...66
        }
    }
}
