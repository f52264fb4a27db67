/// Comparisons as Python makes them.
extension TemplateValue {
    /// `==`: numbers and truth values by their size, all else by kind and content; strings scalar by scalar.
    func isEqual(to other: TemplateValue) -> Bool {
        switch (self, other) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let first), .string(let second)): return first.utf8.elementsEqual(second.utf8)
        case (.list(let first), .list(let second)):
            return first.isTuple == second.isTuple && first.items.elementsEqual(second.items) { $0.isEqual(to: $1) }
        case (.dictionary(let first), .dictionary(let second)):
            return first.members.count == second.members.count
                && first.members.allSatisfy { member in second[member.key].map { member.value.isEqual(to: $0) } ?? false
                }
        case (.namespace(let first), .namespace(let second)): return first === second
        case (.macro(let first), .macro(let second)): return first === second
        case (.function(let first), .function(let second)): return first == second
        default:
            if let first = asInteger, let second = other.asInteger { return first == second }
            guard let first = asNumber, let second = other.asNumber else { return false }
            return first == second
        }
    }

    /// `<`; nil where Python has none.
    func isLess(than other: TemplateValue) -> Bool? {
        if let first = asInteger, let second = other.asInteger { return first < second }
        if let first = asNumber, let second = other.asNumber { return first < second }
        switch (self, other) {
        case (.string(let first), .string(let second)):
            return first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
        case (.list(let first), .list(let second)):
            for (mine, theirs) in zip(first.items, second.items) where !mine.isEqual(to: theirs) {
                return mine.isLess(than: theirs)
            }
            return first.items.count < second.items.count
        default: return nil
        }
    }
}
