internal import CAttentionMessages

/// The cores that this process may use.
struct AllowedCores {
    /// How many there are.
    let count: Int
    /// Which, and of what machine: the same for processes that share them.
    let place: String

    init() {
        (count, place) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            guard let start = text.baseAddress else { return (1, "") }
            let count = Int(attn_allowed_cores(start, text.count))
            return (count, String(cString: start))
        }
    }
}
