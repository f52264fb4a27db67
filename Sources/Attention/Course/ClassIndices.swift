/// The classes of examples and their numbers: classes that are numbers in their order, then those that are names in theirs.
struct ClassIndices: Sendable, Hashable {
    /// What the classes are called.
    let labels: [String]
    private let indices: [String: Int]

    /// The classes that occur in these.
    init(of labels: some Sequence<String>) {
        self.labels = Set(labels).sorted { first, second in
            switch (Int(first), Int(second)) {
            case (let first?, let second?): first < second
            case (nil, nil): first < second
            case (let number, _): number != nil
            }
        }
        indices = Dictionary(uniqueKeysWithValues: self.labels.enumerated().map { ($0.element, $0.offset) })
    }

    /// The number of a class; nil if it does not occur.
    subscript(label: String) -> Int? { indices[label] }
}
