import AttentionFiles

/// The environments that there are.
public enum EnvironmentName: String, Sendable, Hashable, Codable, CaseIterable {
    /// ``CartPole``.
    case cartPole = "cartpole"
    /// ``KeyToDoor``.
    case keyToDoor = "key-door"
    /// ``MemoryMaze``.
    case memoryMaze = "memory"

    /// The environment of this name.
    /// - Throws: ``UnknownEnvironment`` with the nearest name.
    public init(_ name: String) throws(UnknownEnvironment) {
        guard let known = EnvironmentName(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue)
            throw UnknownEnvironment(name: name, known: names, nearest: NearestName.of(name.lowercased(), among: names))
        }
        self = known
    }
}

/// There is no such environment.
public struct UnknownEnvironment: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was asked for.
    public let name: String
    /// What there is.
    public let known: [String]
    /// What was probably meant.
    public let nearest: String?

    /// The whole sentence.
    public var description: String {
        "there is no environment \"\(name)\"; "
            + (nearest.map { "did you mean \"\($0)\"?" } ?? "there are \(known.joined(separator: ", "))")
    }
}

/// Which environment, and how large.
public struct EnvironmentSettings: Sendable, Hashable, Codable {
    /// Which.
    public var name: EnvironmentName
    /// How many steps lie between what is to be remembered and where it is needed; 0 for the cart-pole, which has none.
    public var delay: Int
    /// The rooms of ``KeyToDoor`` have so many rows and columns; 0 for the others.
    public var size: Int

    /// An environment as it is unless something else is said.
    public init(_ name: EnvironmentName) {
        self.name = name
        switch name {
        case .cartPole: (delay, size) = (0, 0)
        case .keyToDoor: (delay, size) = (20, 3)
        case .memoryMaze: (delay, size) = (100, 0)
        }
    }

    /// The environment, before its first episode.
    /// - Throws: ``UnfitSetting`` with the setting that cannot be.
    public func environment() throws(UnfitSetting) -> any Environment {
        if name != .keyToDoor { try require("environment.size", size) }
        switch name {
        case .cartPole:
            try require("environment.delay", delay)
            return CartPole()
        case .keyToDoor: return try KeyToDoor(size: size, delay: delay)
        case .memoryMaze: return try MemoryMaze(delay: delay)
        }
    }

    private func require(_ setting: String, _ value: Int) throws(UnfitSetting) {
        guard value == 0 else {
            throw UnfitSetting(setting, expected: "0, since \(name.rawValue) has no such thing", found: "\(value)")
        }
    }
}
