/// A pattern as instructions for a machine that follows all ways at once, the preferred first.
///
/// Source: Thompson, Regular Expression Search Algorithm (1968); priorities as in Pike's machine (Cox, 2009).
struct RegularExpressionProgram {
    enum Instruction {
        /// Goes on if the next scalar is in this set, past the scalar.
        case set(Int)
        /// Goes on if the next scalar is in this set (or the text ends, if that is allowed), before the scalar.
        case next(Int, allowsEnd: Bool)
        case split(preferred: Int, other: Int)
        case jump(Int)
        case match
    }

    static let sizeLimit = 20_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    private var setNumbers: [ScalarSet: Int] = [:]

    init(_ tree: RegularExpressionTree) throws(RegularExpressionError) {
        try append(tree)
        instructions.append(.match)
    }

    private mutating func number(of set: ScalarSet) -> Int {
        if let number = setNumbers[set] { return number }
        sets.append(set)
        setNumbers[set] = sets.count - 1
        return sets.count - 1
    }

    private mutating func append(_ tree: RegularExpressionTree) throws(RegularExpressionError) {
        guard instructions.count < Self.sizeLimit else {
            throw RegularExpressionError(position: 0, reason: "a pattern too large for an automaton")
        }
        switch tree {
        case .set(let set): instructions.append(.set(number(of: set)))
        case .next(let set, let allowsEnd): instructions.append(.next(number(of: set), allowsEnd: allowsEnd))
        case .sequence(let items): for item in items { try append(item) }
        case .choice(let branches): try appendChoice(branches)
        case .repetition(let item, let minimum, let maximum, let isLazy):
            for _ in 0..<minimum { try append(item) }
            if let maximum {
                try appendOptional(item, count: maximum - minimum, isLazy: isLazy)
            } else {
                try appendLoop(item, isLazy: isLazy)
            }
        }
    }

    private mutating func appendChoice(_ branches: [RegularExpressionTree]) throws(RegularExpressionError) {
        var exits: [Int] = []
        for branch in branches.dropLast() {
            let split = reserve()
            try append(branch)
            exits.append(reserve())
            instructions[split] = .split(preferred: split + 1, other: instructions.count)
        }
        if let last = branches.last { try append(last) }
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    private mutating func appendLoop(_ item: RegularExpressionTree, isLazy: Bool) throws(RegularExpressionError) {
        let split = reserve()
        try append(item)
        instructions.append(.jump(split))
        setSplit(split, to: instructions.count, isLazy: isLazy)
    }

    private mutating func appendOptional(
        _ item: RegularExpressionTree, count: Int, isLazy: Bool
    ) throws(RegularExpressionError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(reserve())
            try append(item)
        }
        for split in splits { setSplit(split, to: instructions.count, isLazy: isLazy) }
    }

    private mutating func reserve() -> Int {
        instructions.append(.match)
        return instructions.count - 1
    }

    /// Enters what follows `split`, or leaves to `exit`.
    private mutating func setSplit(_ split: Int, to exit: Int, isLazy: Bool) {
        instructions[split] =
            isLazy ? .split(preferred: exit, other: split + 1) : .split(preferred: split + 1, other: exit)
    }
}
