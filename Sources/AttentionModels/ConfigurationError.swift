import AttentionMechanisms

/// A model's configuration asks for something that cannot be built.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The setting, as it is spelt in `config.json`.
    public let setting: String
    /// What would do.
    public let expected: String
    /// What was asked for.
    public let found: String

    /// An error about `setting`.
    public init(_ setting: String, expected: String, found: String) {
        self.setting = setting
        self.expected = expected
        self.found = found
    }

    /// The whole sentence.
    public var description: String { "configuration: expected \(setting) to be \(expected), found \(found)" }

    /// Throws unless `value` is at least `minimum`.
    package static func require(_ setting: String, _ value: Int, atLeast minimum: Int) throws(ConfigurationError) {
        guard value >= minimum else {
            throw ConfigurationError(setting, expected: "at least \(minimum)", found: "\(value)")
        }
    }

    /// Throws unless `value` lies in `range`: sizes far beyond any use come from damaged files.
    package static func require(
        _ setting: String, _ value: Int, in range: ClosedRange<Int>
    ) throws(ConfigurationError) {
        guard range.contains(value) else {
            throw ConfigurationError(
                setting, expected: "from \(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
    }

    /// Throws unless a vector of `value` numbers can be divided among so many heads.
    package static func require(_ setting: String, _ value: Int, ofHeads count: Int) throws(ConfigurationError) {
        guard count > 0, value % count == 0 else {
            throw ConfigurationError(setting, expected: "a multiple of \(count) heads", found: "\(value)")
        }
    }

    /// Throws unless `value` is a probability below 1.
    package static func require(_ setting: String, probability value: Float) throws(ConfigurationError) {
        guard value >= 0, value < 1 else {
            throw ConfigurationError(setting, expected: "at least 0 and below 1", found: "\(value)")
        }
    }
}
