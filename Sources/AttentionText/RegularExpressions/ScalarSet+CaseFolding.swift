extension ScalarSet {
    /// Sets beyond this size are properties such as `\p{L}`, which have both cases already.
    private static let foldingLimit = 2048

    /// This set and the scalars that differ from its own in case alone, by the mappings of one scalar to one.
    var ignoringCase: ScalarSet {
        guard count <= Self.foldingLimit else { return self }
        var variants: [ClosedRange<UInt32>] = ranges
        for scalar in ranges.joined().compactMap(Unicode.Scalar.init) {
            variants += Self.variants(of: scalar).map { $0.value...$0.value }
        }
        return ScalarSet(variants)
    }

    private static func variants(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        let lower = single(scalar.properties.lowercaseMapping) ?? scalar
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        let folded = single(upper.properties.lowercaseMapping) ?? lower
        return [lower, upper, folded] + (lateVariants[folded] ?? [])
    }

    /// Characters whose own mapping leads here while none leads there (CaseFolding.txt).
    private static let lateVariants: [Unicode.Scalar: [Unicode.Scalar]] = [
        "s": ["\u{17F}"], "k": ["\u{212A}"], "\u{E5}": ["\u{212B}"], "\u{3C3}": ["\u{3C2}"], "\u{3C9}": ["\u{2126}"],
        "\u{3BC}": ["\u{B5}"], "\u{3B2}": ["\u{3D0}"], "\u{3B8}": ["\u{3D1}", "\u{3F4}"], "\u{3C6}": ["\u{3D5}"],
        "\u{3C0}": ["\u{3D6}"], "\u{3BA}": ["\u{3F0}"], "\u{3C1}": ["\u{3F1}"], "\u{3B5}": ["\u{3F5}"],
        "\u{1E61}": ["\u{1E9B}"], "\u{3B9}": ["\u{345}", "\u{1FBE}"],
    ]

    private static func single(_ mapping: String) -> Unicode.Scalar? {
        mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
    }
}
