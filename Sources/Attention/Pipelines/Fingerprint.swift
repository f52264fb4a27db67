import AttentionText
import AttentionTraining

/// What a text or a list of texts is told by: 64 bits of FNV-1a (Fowler, Noll & Vo), which differ for whatever differs by accident.
struct Fingerprint: CustomStringConvertible {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Sixteen hexadecimal digits.
    var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The fingerprint of a tokenizer.
    init(of tokenizer: Tokenizer) { add(tokenizer.json()) }

    /// The fingerprint of sentence pairs, in their order.
    init(of pairs: [SentencePair]) {
        for pair in pairs {
            add(pair.source.utf8)
            add(CollectionOfOne(UInt8(ascii: "\t")))
            add(pair.target.utf8)
            add(CollectionOfOne(UInt8(ascii: "\n")))
        }
    }

    private mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
