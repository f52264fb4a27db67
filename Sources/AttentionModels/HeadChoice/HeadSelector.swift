public import AttentionLayers
public import AttentionTensors

/// Heads as people name them, layer.head, both counted from 1: `3.5`, `4.*`, `1-3.2`, `cross:2.4`.
public struct HeadSelector: Sendable, Hashable {
    /// Who looks at whom; nil for whoever does.
    public let kind: AttentionKind?
    /// The layers, counted from 0; nil for all.
    public let layers: ClosedRange<Int>?
    /// The heads of each, counted from 0; nil for all.
    public let heads: ClosedRange<Int>?
    /// As it was written.
    public let text: String

    /// Reads a selector; nil if it is none.
    public init?(_ text: String) {
        self.text = text
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        switch sides.count {
        case 1: kind = nil
        case 2:
            guard let kind = AttentionKind(rawValue: String(sides[0])) else { return nil }
            self.kind = kind
        default: return nil
        }
        let parts = sides[sides.count - 1].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let layers = Numbers(parts[0]), let heads = Numbers(parts[1]) else { return nil }
        (self.layers, self.heads) = (layers.range, heads.range)
    }

    /// Several with commas between; nil if one is none.
    public static func list(_ text: String) -> [HeadSelector]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { HeadSelector(String($0)) }
        return parts.contains(nil) ? nil : parts.compactMap(\.self)
    }

    /// The one head that is named; nil if several are.
    public var single: (layer: Int, head: Int)? {
        guard let layers, let heads, layers.count == 1, heads.count == 1 else { return nil }
        return (layers.lowerBound, heads.lowerBound)
    }

    /// The layers and heads as a selection of what is looked into.
    public var selection: AttentionSelection {
        AttentionSelection(layers: layers.map { Array($0) }, heads: heads.map { Array($0) })
    }

    /// `*`, a number or two with a stroke between.
    private struct Numbers {
        /// Counted from 0; nil for all.
        let range: ClosedRange<Int>?

        init?(_ text: Substring) {
            if text == "*" {
                range = nil
                return
            }
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count <= 2, let first = ends[0], let last = ends.count == 2 ? ends[1] : first, 1 <= first,
                first <= last, last <= 1 << 16
            else { return nil }
            range = first - 1...last - 1
        }
    }
}

/// A head that a model does not have.
public struct HeadSelectionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    public let selector: String
    /// What the model has.
    public let known: HeadCounts

    public var description: String {
        known.kinds.isEmpty
            ? "heads: expected a model with heads that can be left out, found one without, for \(selector)"
            : "heads: expected heads that the model has, \(known.text), found \(selector)"
    }
}

extension HeadCounts {
    /// What leaves these heads out.
    /// - Throws: `HeadSelectionError` naming a selector that speaks of a layer or a head that is not there.
    public func ablation(of selectors: [HeadSelector]) throws(HeadSelectionError) -> Ablation {
        var result = Ablation.none
        for selector in selectors {
            let own = kinds.filter { selector.kind ?? $0 == $0 }
            var found = Ablation.none
            for kind in own {
                let counts = self[kind]
                guard (selector.layers?.upperBound ?? 0) < counts.count else { continue }
                for layer in selector.layers ?? 0...counts.count - 1 {
                    guard counts[layer] > 0, (selector.heads?.upperBound ?? 0) < counts[layer] else { continue }
                    let heads = selector.heads ?? 0...counts[layer] - 1
                    found = found.union(Ablation(Set(heads), of: kind, at: layer))
                }
            }
            guard !found.isEmpty else { throw HeadSelectionError(selector: selector.text, known: self) }
            result = result.union(found)
        }
        return result
    }
}
