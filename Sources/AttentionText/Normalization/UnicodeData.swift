/// What the Unicode Character Database says about decomposition and composition, read once from `UnicodeTables`.
struct UnicodeData: Sendable {
    /// A single step of decomposition, as UnicodeData.txt gives it.
    struct Decomposition {
        let isCompatibility: Bool
        let mapping: [Unicode.Scalar]
    }

    static let shared = UnicodeData()

    private(set) var decompositions: [Unicode.Scalar: Decomposition] = [:]
    private var combiningClasses: [Unicode.Scalar: UInt8] = [:]
    private var compositions: [UInt64: Unicode.Scalar] = [:]
    /// One bit for each scalar below U+10000 that Form KC may change, or that may change because of what precedes it.
    private var unstable = [UInt64](repeating: 0, count: 0x10000 / 64)

    private init() {
        decompositions.reserveCapacity(6000)
        combiningClasses.reserveCapacity(1000)
        compositions.reserveCapacity(1000)
        readCombiningClasses()
        readDecompositions(excluding: readExclusions())
        for jamo: UInt32 in 0x1161...0x11FF { Unicode.Scalar(jamo).map { markUnstable($0) } }
    }

    /// The canonical combining class: 0 for a starter.
    func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : combiningClasses[scalar] ?? 0
    }

    /// The character that `first` followed by `second` compose to.
    func composition(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        compositions[Self.pair(first, second)]
    }

    /// Whether text made only of such scalars is its own Form KC and Form C.
    func isStable(_ scalar: Unicode.Scalar) -> Bool {
        let value = Int(scalar.value)
        return value < 0xA0 || value < 0x10000 && unstable[value / 64] & (1 << UInt64(value % 64)) == 0
    }

    // MARK: Reading the tables

    private mutating func readCombiningClasses() {
        var reader = HexadecimalReader(UnicodeTables.combiningClasses)
        var code: UInt32 = 0
        while let (delta, _) = reader.next(), let (count, _) = reader.next(), let (kind, _) = reader.next() {
            code += delta
            for scalar in (code..<code + count).compactMap(Unicode.Scalar.init) where Self.knows(scalar) {
                combiningClasses[scalar] = UInt8(truncatingIfNeeded: kind)
                markUnstable(scalar)
            }
        }
    }

    private func readExclusions() -> Set<UInt32> {
        var reader = HexadecimalReader(UnicodeTables.compositionExclusions)
        var excluded: Set<UInt32> = []
        var code: UInt32 = 0
        while let (delta, _) = reader.next() {
            code += delta
            excluded.insert(code)
        }
        return excluded
    }

    private mutating func readDecompositions(excluding excluded: Set<UInt32>) {
        var reader = HexadecimalReader(UnicodeTables.decompositions)
        var code: UInt32 = 0
        while let (delta, kind) = reader.next() {
            code += delta
            var mapping: [Unicode.Scalar] = []
            while let (value, end) = reader.next() {
                Unicode.Scalar(value).map { mapping.append($0) }
                if end != UInt8(ascii: ",") { break }
            }
            guard let scalar = Unicode.Scalar(code), Self.knows(scalar) else { continue }
            let isCompatibility = kind == UInt8(ascii: "~")
            decompositions[scalar] = Decomposition(isCompatibility: isCompatibility, mapping: mapping)
            if !isCompatibility, mapping.count == 2, !excluded.contains(code) {
                compositions[Self.pair(mapping[0], mapping[1])] = scalar
                markUnstable(mapping[1])
            } else {
                markUnstable(scalar)
            }
        }
        for (scalar, decomposition) in decompositions where hasCompatibilityPart(decomposition) {
            markUnstable(scalar)
        }
    }

    private func hasCompatibilityPart(_ decomposition: Decomposition) -> Bool {
        decomposition.isCompatibility
            || decomposition.mapping.contains { decompositions[$0].map(hasCompatibilityPart) ?? false }
    }

    /// The reference normalises with Unicode 9.
    private static func knows(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isAssigned(byUnicode: 9)
    }

    private mutating func markUnstable(_ scalar: Unicode.Scalar) {
        guard scalar.value < 0x10000 else { return }
        unstable[Int(scalar.value / 64)] |= 1 << UInt64(scalar.value % 64)
    }

    private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
        UInt64(first.value) << 32 | UInt64(second.value)
    }
}

/// Reads hexadecimal numbers in lower case, each ended by one other byte.
private struct HexadecimalReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: StaticString) {
        bytes = Array(text.description.utf8)
    }

    /// The next number and the byte that ends it (0 at the end of the text).
    mutating func next() -> (value: UInt32, end: UInt8)? {
        guard position < bytes.count else { return nil }
        var value: UInt32 = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 + UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 + UInt32(byte - UInt8(ascii: "a") + 10)
            default: return (value, byte)
            }
        }
        return (value, 0)
    }
}
