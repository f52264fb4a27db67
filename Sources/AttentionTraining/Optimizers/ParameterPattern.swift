/// A pattern of parameter names: `*` stands for any characters, dots too, everything else for itself.
///
/// `encoder.*` matches all of the encoder, `*.bias` every bias, `encoder.layers.0.*` its first layer.
public struct ParameterPattern: Sendable, Hashable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// As it is written.
    public let description: String

    /// The pattern written so.
    public init(_ description: String) { self.description = description }
    /// The pattern written so.
    public init(stringLiteral value: String) { self.init(value) }

    /// Whether a name is one of those it stands for.
    /// - Complexity: O(n · m) at most, for n characters of the name and m of the pattern.
    public func matches(_ name: String) -> Bool {
        let (pattern, name) = (Array(description.utf8), Array(name.utf8))
        var (p, n) = (0, 0)
        /// Where the last star is, and where what it stands for ends so far.
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] {
                (p, n) = (p + 1, n + 1)
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (p, n) = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
