import AttentionTensors
import AttentionText
import AttentionTraining

/// What a text, a list of texts or a model is told by: 64 bits of FNV-1a (Fowler, Noll & Vo), which differ for whatever differs by accident.
struct Fingerprint: CustomStringConvertible {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Sixteen hexadecimal digits.
    var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The fingerprint of a tokenizer.
    init(of tokenizer: Tokenizer) { add(tokenizer.json()) }

    /// The fingerprint of a tokenizer's pieces by their ids, which is all that a model's parameters depend on.
    init(ofPiecesOf tokenizer: Tokenizer) {
        for id in 0..<tokenizer.count {
            add((tokenizer.piece(of: id) ?? "").utf8)
            add(CollectionOfOne(UInt8(ascii: "\n")))
        }
    }

    /// The fingerprint of sentence pairs, in their order.
    init(of pairs: [SentencePair]) {
        for pair in pairs {
            add(pair.source.utf8)
            add(CollectionOfOne(UInt8(ascii: "\t")))
            add(pair.target.utf8)
            add(CollectionOfOne(UInt8(ascii: "\n")))
        }
    }

    /// The fingerprint of texts, in their order.
    init(of texts: some Sequence<String>) {
        for text in texts {
            add(text.utf8)
            add(CollectionOfOne(0))
        }
    }

    /// The fingerprint of a file's bytes.
    init(of bytes: ArraySlice<UInt8>) { add(bytes) }

    /// The fingerprint of names and bytes that belong together, in their order.
    init(of parts: some Sequence<(bytes: [UInt8], name: String)>) {
        for part in parts {
            add(part.name.utf8)
            add(CollectionOfOne(0))
            add(part.bytes)
        }
    }

    /// The fingerprint of a model's parameters.
    init(of model: any Module) {
        for (name, parameter) in model.parameters() {
            add(name.utf8)
            for value in parameter.tensor.values { add(UInt64(value.bitPattern)) }
        }
    }

    private mutating func add(_ word: UInt64) { state = (state ^ word) &* 0x100_0000_01b3 }

    private mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { add(UInt64(byte)) }
    }
}
