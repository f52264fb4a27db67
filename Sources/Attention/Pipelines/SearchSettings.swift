import AttentionModels

/// The search that a translator was tuned for: what holds unless `TranslationOptions` say otherwise.
///
/// In `config.json` as `"search": {"beamSize": 5, "lengthPenalty": 1, "coveragePenalty": 0}`; what is left out has these values.
public struct SearchSettings: Sendable, Hashable {
    /// How many hypotheses are kept.
    public var beamSize = 5
    /// The exponent of the length penalty ((5 + length) / 6)^α (Wu et al. 2016, eq. 14).
    public var lengthPenalty = 1.0
    /// The weight β of the coverage penalty −β Σ_i ln min(Σ_j α_ij, 1) (Wu et al. 2016, eq. 14).
    public var coveragePenalty = 0.0

    /// The settings for a model that says nothing.
    public init(beamSize: Int = 5) { self.beamSize = beamSize }

    /// What a length penalty can be.
    public static let lengthPenalties = -10.0...10.0
    /// What a coverage penalty can be.
    public static let coveragePenalties = 0.0...100.0
    /// How many hypotheses can be kept.
    public static let beamSizes = 1...200
}

extension SearchSettings: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case beamSize, lengthPenalty, coveragePenalty }

    /// - Throws: `ConfigurationError` if a value is out of its range.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable & Comparable>(
            _ key: CodingKeys, _ value: inout Value, in range: ClosedRange<Value>
        ) throws {
            guard let found = try container.decodeIfPresent(Value.self, forKey: key) else { return }
            guard range.contains(found) else {
                throw ConfigurationError(
                    "search.\(key.rawValue)", expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(found)")
            }
            value = found
        }
        try read(.beamSize, &beamSize, in: Self.beamSizes)
        try read(.lengthPenalty, &lengthPenalty, in: Self.lengthPenalties)
        try read(.coveragePenalty, &coveragePenalty, in: Self.coveragePenalties)
    }
}
