/// Finds the longest of some texts that stands at a place.
struct PrefixMatcher: Sendable {
    private let trie: PieceTrie

    init(_ texts: [[UInt8]]) {
        var trie = PieceTrie()
        for (id, text) in texts.enumerated() { trie.insert(text[...], id: id) }
        self.trie = trie
    }

    /// The length of the longest text that `bytes` have at `start`, 0 if there is none.
    func length(in bytes: [UInt8], at start: Int) -> Int {
        var longest = 0
        trie.forEachPrefix(of: bytes, from: start) { _, length in longest = length }
        return longest
    }
}
