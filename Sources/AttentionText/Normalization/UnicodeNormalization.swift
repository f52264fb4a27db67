/// The Unicode normalization forms (Unicode Standard Annex #15), on aligned text.
enum UnicodeNormalization {
    enum Equivalence {
        case canonical, compatibility
    }

    /// Form D or KD: everything taken apart, marks in canonical order.
    ///
    /// Complexity: O(n log n) in the longest run of marks, else linear.
    static func decomposed(_ text: AlignedText, by equivalence: Equivalence) -> AlignedText {
        if text.allSatisfy({ $0.scalar.isASCII }) { return text }
        return text.rewritten(by: decomposition(of: text, by: equivalence))
    }

    /// Form C or KC: taken apart, then put together as far as canonical equivalence allows.
    static func composed(_ text: AlignedText, by equivalence: Equivalence) -> AlignedText {
        let data = UnicodeData.shared
        if text.allSatisfy({ data.isStable($0.scalar) }) { return text }
        return text.rewritten(by: compose(decomposition(of: text, by: equivalence)))
    }

    // MARK: Decomposition

    private static func decomposition(of text: AlignedText, by equivalence: Equivalence) -> [ScalarEdit] {
        var edits: [ScalarEdit] = []
        edits.reserveCapacity(text.count + text.count / 4)
        for element in text {
            var change: Int32 = 0
            decompose(element.scalar, by: equivalence) {
                edits.append(ScalarEdit(scalar: $0, change: change))
                change = 1
            }
        }
        orderMarks(&edits)
        return edits
    }

    private static func decompose(
        _ scalar: Unicode.Scalar, by equivalence: Equivalence, _ append: (Unicode.Scalar) -> Void
    ) {
        if scalar.isASCII {
            append(scalar)
        } else if let decomposition = UnicodeData.shared.decompositions[scalar],
            equivalence == .compatibility || !decomposition.isCompatibility
        {
            for part in decomposition.mapping { decompose(part, by: equivalence, append) }
        } else if Hangul.isSyllable(scalar) {
            Hangul.decompose(scalar, append)
        } else {
            append(scalar)
        }
    }

    /// Sorts each run of marks by combining class, keeping the order within a class.
    private static func orderMarks(_ text: inout [ScalarEdit]) {
        let data = UnicodeData.shared
        var index = 0
        while index < text.count {
            let start = index
            var classes: [UInt8] = []
            while index < text.count, case let value = data.combiningClass(text[index].scalar), value > 0 {
                classes.append(value)
                index += 1
            }
            if classes.count > 1 {
                let order = classes.indices.sorted { (classes[$0], $0) < (classes[$1], $1) }
                let marks = Array(text[start..<index])
                text.replaceSubrange(start..<index, with: order.map { marks[$0] })
            }
            index += 1
        }
    }

    // MARK: Composition

    private static func compose(_ text: [ScalarEdit]) -> [ScalarEdit] {
        let data = UnicodeData.shared
        var result: [ScalarEdit] = []
        result.reserveCapacity(text.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for edit in text {
            let combiningClass = data.combiningClass(edit.scalar)
            if let position = starter {
                let isAdjacent = position == result.count - 1
                if isAdjacent || lastClass < combiningClass,
                    let composed = Hangul.composition(result[position].scalar, edit.scalar)
                        ?? data.composition(result[position].scalar, edit.scalar)
                {
                    result[position].scalar = composed
                    result[position].change += edit.change - 1
                    continue
                }
            }
            if combiningClass == 0 { starter = result.count }
            lastClass = combiningClass
            result.append(edit)
        }
        return result
    }
}
