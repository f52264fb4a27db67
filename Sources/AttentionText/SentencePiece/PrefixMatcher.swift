/// Finds the longest of some texts that stands at a place.
struct PrefixMatcher: Sendable {
    private let finder: PieceFinder

    init(_ texts: [[UInt8]]) { finder = PieceFinder(texts) }

    /// The length of the longest text that `bytes` have at `start`, 0 if there is none.
    func length(in bytes: [UInt8], at start: Int) -> Int {
        var longest = 0
        finder.forEachPrefix(of: bytes, from: start) { _, length in longest = length }
        return longest
    }
}
