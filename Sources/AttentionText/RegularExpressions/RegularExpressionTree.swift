/// A pattern as it was read.
indirect enum RegularExpressionTree: Sendable {
    /// One scalar of the set.
    case set(ScalarSet)
    case sequence([RegularExpressionTree])
    /// The first that leads to a match.
    case choice([RegularExpressionTree])
    /// `maximum` is `nil` where there is none.
    case repetition(RegularExpressionTree, minimum: Int, maximum: Int?, isLazy: Bool)
    /// Nothing, if the next scalar is in the set; at the end of the text if that is allowed.
    case next(ScalarSet, allowsEnd: Bool)

    /// `item` repeated without ever giving back what it took: afterwards none of `item` may follow.
    static func possessive(_ item: ScalarSet, minimum: Int, isSingle: Bool) -> RegularExpressionTree {
        let stop = RegularExpressionTree.next(item.complement, allowsEnd: true)
        if isSingle { return .choice([.set(item), stop]) }
        return .sequence([.repetition(.set(item), minimum: minimum, maximum: nil, isLazy: false), stop])
    }
}
