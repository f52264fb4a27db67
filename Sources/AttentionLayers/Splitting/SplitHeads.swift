/// The queries and keys of all heads of a layer at some places, as sums of what earlier layers have written.
public struct SplitHeads: Sendable {
    /// The queries as they are compared, parts [P, H, N, D].
    public let queries: SplitVectors
    /// The keys as they are compared, parts [P, Hk, N, D]; what has written them is not what has written the queries where a source is looked at.
    public let keys: SplitVectors

    /// Queries and keys.
    package init(queries: SplitVectors, keys: SplitVectors) { (self.queries, self.keys) = (queries, keys) }
}

/// Places of one layer whose queries and keys are wanted as sums.
public struct SplitPlaces: Sendable, Hashable {
    /// The layer, counted from 0.
    public let layer: Int
    /// Where something looks, ascending.
    public let queries: [Int]
    /// What is looked at, ascending.
    public let keys: [Int]

    /// Places of a text that looks at itself: all of them on both sides.
    public init(layer: Int, among places: some Sequence<Int>) {
        let places = Set(places).sorted()
        (self.layer, queries, keys) = (layer, places, places)
    }

    /// Places of what is written, and places of its source.
    public init(layer: Int, from queries: some Sequence<Int>, to keys: some Sequence<Int>) {
        (self.layer, self.queries, self.keys) = (layer, Set(queries).sorted(), Set(keys).sorted())
    }
}
