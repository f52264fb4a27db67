/// What texts may be, byte by byte: a regular expression whose parts may have names, and so lie in one another without end.
indirect enum LanguageTree: Sendable {
    case bytes(ClosedRange<UInt8>)
    case sequence([LanguageTree])
    case choice([LanguageTree])
    /// `maximum` is nil where there is none.
    case repetition(LanguageTree, minimum: Int, maximum: Int?)
    /// The part of this number.
    case rule(Int)

    static let empty = LanguageTree.sequence([])

    static func text(_ text: String) -> LanguageTree { .sequence(text.utf8.map { .bytes($0...$0) }) }

    static func optional(_ tree: LanguageTree) -> LanguageTree { .repetition(tree, minimum: 0, maximum: 1) }

    static func any(_ tree: LanguageTree) -> LanguageTree { .repetition(tree, minimum: 0, maximum: nil) }

    static func scalars(_ set: ScalarSet) -> LanguageTree {
        .choice(set.ranges.flatMap(UTF8Ranges.sequences).map { .sequence($0.map { .bytes($0) }) })
    }

    /// Whether it may be nothing, where these rules may.
    func isNullable(_ nullable: Set<Int>) -> Bool {
        switch self {
        case .bytes: false
        case .sequence(let parts): parts.allSatisfy { $0.isNullable(nullable) }
        case .choice(let branches): branches.contains { $0.isNullable(nullable) }
        case .repetition(let part, let minimum, _): minimum == 0 || part.isNullable(nullable)
        case .rule(let number): nullable.contains(number)
        }
    }

    /// Whether some text fits, where some fits these rules.
    func isPossible(_ possible: Set<Int>) -> Bool {
        switch self {
        case .bytes: true
        case .sequence(let parts): parts.allSatisfy { $0.isPossible(possible) }
        case .choice(let branches): branches.contains { $0.isPossible(possible) }
        case .repetition(let part, let minimum, _): minimum == 0 || part.isPossible(possible)
        case .rule(let number): possible.contains(number)
        }
    }

    /// The same without what no text can fit, so that whatever has begun can be ended.
    func pruned(_ possible: Set<Int>) -> LanguageTree {
        switch self {
        case .bytes, .rule: self
        case .sequence(let parts): .sequence(parts.map { $0.pruned(possible) })
        case .choice(let branches): .choice(branches.filter { $0.isPossible(possible) }.map { $0.pruned(possible) })
        case .repetition(let part, let minimum, let maximum):
            part.isPossible(possible)
                ? .repetition(part.pruned(possible), minimum: minimum, maximum: maximum) : .empty
        }
    }

    /// The rules that it may begin with.
    func first(_ nullable: Set<Int>) -> Set<Int> {
        switch self {
        case .bytes: return []
        case .choice(let branches): return branches.reduce(into: []) { $0.formUnion($1.first(nullable)) }
        case .repetition(let part, _, _): return part.first(nullable)
        case .rule(let number): return [number]
        case .sequence(let parts):
            var found: Set<Int> = []
            for part in parts {
                found.formUnion(part.first(nullable))
                guard part.isNullable(nullable) else { break }
            }
            return found
        }
    }
}
