/// The parts of dependency trees: arc [L, L] (head, modifier), then root [L].
///
/// Nodes are numbered from 0, the root, to the sentence's length; word i is node i + 1.
struct DependencyParts {
    /// L, padding included.
    let length: Int

    var count: Int { length * (length + 1) }

    /// The part in which this node heads that word's node.
    func arc(_ head: Int, _ modifier: Int) -> Int {
        head == 0 ? length * length + modifier - 1 : (head - 1) * length + modifier - 1
    }
}

/// A number for each pair of nodes.
struct NodePairs {
    private let count: Int
    private var elements: [Dual]

    /// The same number for all pairs of `count` nodes.
    init(_ count: Int, repeating element: Dual) {
        self.count = count
        elements = [Dual](repeating: element, count: count * count)
    }

    subscript(first: Int, second: Int) -> Dual {
        get { elements[first * count + second] }
        set { elements[first * count + second] = newValue }
    }
}
