/// A language as instructions for a machine that follows all ways at once; a part with a name is called, so that the machine has a stack.
struct LanguageProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on if the next byte is in this range, past the byte.
        case bytes(ClosedRange<UInt8>)
        case split(Int, Int)
        case jump(Int)
        /// Goes on there, and here after its `leave`.
        case call(Int)
        /// Back to where the call was; at the end of the first part the text may end.
        case leave
    }

    static let sizeLimit = 200_000

    private(set) var instructions: [Instruction] = []
    /// Where each rule begins.
    private var starts: [Int] = []

    /// The program for the language of rule 0.
    /// - Throws: `TextLanguageError` if no text fits, the program is too large, or a rule begins with itself.
    init(rules: [LanguageTree]) throws(TextLanguageError) {
        let possible = Self.possible(rules)
        guard possible.contains(0) else { throw .impossible }
        let rules = rules.map { $0.pruned(possible) }
        try Self.checkBeginnings(rules)
        var calls: [(place: Int, rule: Int)] = []
        for (number, rule) in rules.enumerated() {
            starts.append(instructions.count)
            // What is never called need not be there, and could not be ended.
            if possible.contains(number) { try append(rule, &calls) }
            instructions.append(.leave)
        }
        for (place, rule) in calls { instructions[place] = .call(starts[rule]) }
    }

    /// Whether nothing is left of a rule here.
    func leaves(at instruction: Int) -> Bool {
        var place = instruction
        while case .jump(let target) = instructions[place], target > place { place = target }
        if case .leave = instructions[place] { return true }
        return false
    }

    /// All bytes that stand somewhere in a text of the language.
    var usedBytes: Set<UInt8> {
        instructions.reduce(into: []) { bytes, instruction in
            if case .bytes(let range) = instruction { bytes.formUnion(range) }
        }
    }

    /// The rules that some text fits.
    static func possible(_ rules: [LanguageTree]) -> Set<Int> { closure(rules) { $0.isPossible($1) } }

    /// The rules for which something holds that holds for a rule as soon as it does for its parts. Rules mostly lead to later ones: from the
    /// last on, few rounds are needed.
    private static func closure(_ rules: [LanguageTree], _ holds: (LanguageTree, Set<Int>) -> Bool) -> Set<Int> {
        var found: Set<Int> = []
        while true {
            let count = found.count
            for number in rules.indices.reversed() where !found.contains(number) && holds(rules[number], found) {
                found.insert(number)
            }
            if found.count == count { return found }
        }
    }

    /// Refuses rules that lead to themselves before any byte: they say nothing, and would never end.
    private static func checkBeginnings(_ rules: [LanguageTree]) throws(TextLanguageError) {
        let nullable = closure(rules) { $0.isNullable($1) }
        let firsts = rules.map { $0.first(nullable) }
        for rule in rules.indices {
            var (reached, waiting): (Set<Int>, [Int]) = ([], Array(firsts[rule]))
            while let next = waiting.popLast() {
                guard next != rule else {
                    throw .unfit(
                        "$ref", at: "#", expected: "something before a schema stands in itself", found: "nothing")
                }
                if reached.insert(next).inserted { waiting += firsts[next] }
            }
        }
    }

    private mutating func append(
        _ tree: LanguageTree, _ calls: inout [(place: Int, rule: Int)]
    ) throws(TextLanguageError) {
        guard instructions.count < Self.sizeLimit else { throw .tooLarge(limit: Self.sizeLimit) }
        switch tree {
        case .bytes(let range): instructions.append(.bytes(range))
        case .sequence(let parts): for part in parts { try append(part, &calls) }
        case .rule(let number):
            calls.append((instructions.count, number))
            instructions.append(.leave)
        case .choice(let branches):
            var exits: [Int] = []
            for branch in branches.dropLast() {
                let split = reserve()
                try append(branch, &calls)
                exits.append(reserve())
                instructions[split] = .split(split + 1, instructions.count)
            }
            if let last = branches.last { try append(last, &calls) }
            for exit in exits { instructions[exit] = .jump(instructions.count) }
        case .repetition(let part, let minimum, let maximum):
            for _ in 0..<minimum { try append(part, &calls) }
            guard let maximum else {
                let split = reserve()
                try append(part, &calls)
                instructions.append(.jump(split))
                instructions[split] = .split(split + 1, instructions.count)
                return
            }
            var splits: [Int] = []
            for _ in minimum..<max(minimum, maximum) {
                splits.append(reserve())
                try append(part, &calls)
            }
            for split in splits { instructions[split] = .split(split + 1, instructions.count) }
        }
    }

    private mutating func reserve() -> Int {
        instructions.append(.leave)
        return instructions.count - 1
    }
}
