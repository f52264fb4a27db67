import Crypto

/// Who may ask: keys, of which only digests are held, compared so that the time it takes tells nothing of them.
public struct APIKeys: Sendable {
    private let digests: [[UInt8]]

    /// These keys; none lets everybody ask. One that begins with `sha256:` is the digest of a key in 64 hexadecimal digits, so that a file of keys
    /// gives none away.
    public init(_ keys: [String] = []) { digests = keys.map { Self.stated($0) ?? Self.digest($0) } }

    /// Whether a key is needed at all.
    public var isNeeded: Bool { !digests.isEmpty }

    /// Whether this key is one of them. Takes as long for any key of one length.
    package func admits(_ key: String) -> Bool {
        guard !key.isEmpty else { return false }
        let found = Self.digest(key)
        return digests.reduce(false) { admitted, known in Self.equal(known, found) || admitted }
    }

    private static func digest(_ key: String) -> [UInt8] { Array(SHA256.hash(data: Array(key.utf8))) }

    private static func stated(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("sha256:") else { return nil }
        let digits = Array(text.dropFirst(7))
        guard digits.count == 64, digits.allSatisfy(\.isHexDigit) else { return nil }
        return stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    /// - Complexity: O(bytes), whatever is in either.
    private static func equal(_ known: [UInt8], _ found: [UInt8]) -> Bool {
        zip(known, found).reduce(UInt8(0)) { $0 | $1.0 ^ $1.1 } == 0
    }
}
