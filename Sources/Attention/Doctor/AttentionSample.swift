public import AttentionLayers
public import AttentionModels
import AttentionTensors
import Glibc

/// Where all heads of one kind looked in a batch, and where they may look.
public struct AttentionSample: Sendable {
    /// Who looks at whom.
    public let kind: AttentionKind
    /// [B, H, Q, K] for each layer.
    public let layers: [LayerAttention]
    /// How many places of each row look.
    public let queryCounts: [Int]
    /// How many places of each row may be looked at.
    public let keyCounts: [Int]

    /// Where heads looked in rows of these lengths.
    public init(_ kind: AttentionKind, _ layers: [LayerAttention], queryCounts: [Int], keyCounts: [Int]) {
        (self.kind, self.layers, self.queryCounts, self.keyCounts) = (kind, layers, queryCounts, keyCounts)
    }

    /// How many places the one at `query` may look at.
    func visibleCount(row: Int, query: Int) -> Int {
        kind == .decoder ? min(query + 1, keyCounts[row]) : keyCounts[row]
    }
}

/// What is known of a head once all its rows have been seen.
struct HeadRecord {
    private(set) var rowCount = 0
    /// Rows with something that is no number.
    private(set) var brokenCount = 0
    /// The mean of H / ln n.
    var meanEntropy: Double { longCount > 0 ? entropySum / Double(longCount) : 0 }
    /// The mean weight of the first place.
    var firstShare: Double { longCount > 0 ? firstSum / Double(longCount) : 0 }
    /// Whether every row gives all places the same.
    var isUniform: Bool { longCount >= Self.leastRows && uniformCount == longCount }
    /// Whether in each text every row gives one and the same place everything, and not the first.
    var isCollapsed: Bool { longCount >= Self.leastRows && collapsedCount == longCount && !collapsesAtFirst }
    /// The most that a place got which must not be looked at.
    private(set) var leaked: (future: Float, padding: Float) = (0, 0)

    private var (longCount, uniformCount, collapsedCount) = (0, 0, 0)
    private var (entropySum, firstSum) = (0.0, 0.0)
    private var (place, collapsesAtFirst): (Int?, Bool) = (nil, true)

    /// Fewer rows tell nothing.
    private static let leastRows = 4
    /// Among fewer places a row tells nothing.
    private static let leastPlaces = 4

    /// A new text: collapsed heads may look at another place.
    mutating func beginText() { place = nil }

    /// - Parameters:
    ///   - row: what one place gave to all.
    ///   - visible: how many may be looked at.
    ///   - present: how many are real.
    mutating func add(_ row: ArraySlice<Float>, visible: Int, present: Int) {
        rowCount += 1
        guard row.allSatisfy(\.isFinite) else {
            brokenCount += 1
            return
        }
        let weights = row.prefix(visible)
        for (offset, weight) in row.dropFirst(visible).enumerated() {
            if visible + offset < present {
                leaked.future = max(leaked.future, weight)
            } else {
                leaked.padding = max(leaked.padding, weight)
            }
        }
        guard visible >= Self.leastPlaces, let greatest = weights.max(), let least = weights.min() else { return }
        longCount += 1
        let entropy = weights.reduce(0.0) { $1 > 0 ? $0 - Double($1) * log(Double($1)) : $0 }
        entropySum += entropy / log(Double(visible))
        firstSum += Double(weights.first ?? 0)
        if (greatest - least) * Float(visible) < 1e-3 { uniformCount += 1 }
        let found = weights.firstIndex(of: greatest).map { $0 - row.startIndex }
        if greatest > 0.999, place == nil || place == found {
            collapsedCount += 1
            if found != 0 { collapsesAtFirst = false }
        }
        place = place ?? found
    }
}
