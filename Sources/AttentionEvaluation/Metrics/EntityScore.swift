/// How many stretches of tagged words are found as a whole, with the right class (Tjong Kim Sang & De Meulder 2003, sec. 2.3, and their `conlleval`).
///
/// A stretch begins with `B-`, or with `I-` where the word before is of another class or of none. Tags without such a beginning stand for their
/// class; `O` for none.
public struct EntityScore: Sendable, Hashable {
    private var foundCount = 0
    private var expectedCount = 0
    private var rightCount = 0

    /// No stretches yet.
    public init() {}

    /// Adds the stretches of a text.
    /// - Precondition: there are as many tags of both kinds.
    public mutating func add(_ tags: [String], expected: [String]) {
        precondition(
            tags.count == expected.count, "EntityScore: expected \(expected.count) tags, found \(tags.count)")
        let (found, wanted) = (Self.entities(tags), Self.entities(expected))
        foundCount += found.count
        expectedCount += wanted.count
        rightCount += found.intersection(wanted).count
    }

    /// The share of what was found that is right; 0 if nothing was.
    public var precision: Double { foundCount > 0 ? Double(rightCount) / Double(foundCount) : 0 }

    /// The share of what there is that was found; 0 if there is nothing.
    public var recall: Double { expectedCount > 0 ? Double(rightCount) / Double(expectedCount) : 0 }

    /// 2 p r / (p + r) of precision and recall; 0 if both are.
    public var f1: Double {
        let sum = foundCount + expectedCount
        return sum > 0 ? 2 * Double(rightCount) / Double(sum) : 0
    }

    private struct Entity: Hashable {
        let kind: String
        let first: Int
        var last: Int
    }

    private static func entities(_ tags: [String]) -> Set<Entity> {
        var (entities, open): (Set<Entity>, Entity?) = ([], nil)
        for (place, tag) in tags.enumerated() {
            let isMarked = tag.hasPrefix("B-") || tag.hasPrefix("I-")
            let kind = isMarked ? String(tag.dropFirst(2)) : tag
            if var entity = open, entity.kind == kind, !tag.hasPrefix("B-") {
                entity.last = place
                open = entity
                continue
            }
            if let open { entities.insert(open) }
            open = tag == "O" ? nil : Entity(kind: kind, first: place, last: place)
        }
        if let open { entities.insert(open) }
        return entities
    }
}
