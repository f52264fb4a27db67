/// Who may ask: keys, compared so that the time it takes tells nothing of them.
public struct APIKeys: Sendable {
    private let keys: [[UInt8]]

    /// These keys; none lets everybody ask.
    public init(_ keys: [String] = []) { self.keys = keys.map { Array($0.utf8) } }

    /// Whether a key is needed at all.
    public var isNeeded: Bool { !keys.isEmpty }

    /// Whether this key is one of them. Takes as long for any key of one length.
    package func admits(_ key: String) -> Bool {
        let found = Array(key.utf8)
        return keys.reduce(false) { admitted, known in Self.equal(known, found) || admitted }
    }

    /// - Complexity: O(found), whatever is in either.
    private static func equal(_ known: [UInt8], _ found: [UInt8]) -> Bool {
        var difference = UInt8(known.count == found.count ? 0 : 1)
        for (index, byte) in found.enumerated() {
            difference |= byte ^ (known.isEmpty ? 0 : known[index % known.count])
        }
        return difference == 0 && !known.isEmpty
    }
}
