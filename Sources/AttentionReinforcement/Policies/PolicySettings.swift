public import AttentionTensors

/// The kinds of policy that there are.
public enum PolicyKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// ``ReflexPolicy``: neither memory nor attention.
    case mlp
    /// ``ObjectPolicy``: attention over what is seen.
    case objects
    /// ``RecurrentPolicy``: an LSTM.
    case lstm
    /// ``RememberingPolicy``: an LSTM, and attention over all that it has been.
    case attention
}

/// Which policy, and how large.
public struct PolicySettings: Sendable, Hashable, Codable {
    /// Which.
    public var kind: PolicyKind
    /// M.
    public var hiddenSize: Int
    /// H, of policies that attend; divides M.
    public var headCount: Int

    /// A policy of this kind.
    public init(_ kind: PolicyKind, hiddenSize: Int = 64, headCount: Int = 1) {
        (self.kind, self.hiddenSize, self.headCount) = (kind, hiddenSize, headCount)
    }

    /// A policy of random parameters for an environment.
    /// - Throws: ``UnfitSetting`` with the size that cannot be.
    public func policy(for environment: any Environment, key: RandomKey) throws(UnfitSetting) -> any Policy {
        guard 1...4096 ~= hiddenSize else {
            throw UnfitSetting("policy.hiddenSize", expected: "from 1 to 4096", found: "\(hiddenSize)")
        }
        guard headCount > 0, hiddenSize % headCount == 0 else {
            throw UnfitSetting(
                "policy.headCount", expected: "a divisor of the hidden size \(hiddenSize)", found: "\(headCount)")
        }
        let (layout, actionCount) = (environment.layout, environment.actionNames.count)
        switch kind {
        case .mlp: return ReflexPolicy(layout, actionCount: actionCount, hiddenSize: hiddenSize, key: key)
        case .objects:
            return ObjectPolicy(
                layout, actionCount: actionCount, hiddenSize: hiddenSize, headCount: headCount, key: key)
        case .lstm: return RecurrentPolicy(layout, actionCount: actionCount, hiddenSize: hiddenSize, key: key)
        case .attention:
            return RememberingPolicy(
                layout, actionCount: actionCount, hiddenSize: hiddenSize, headCount: headCount, key: key)
        }
    }
}
