/// A deterministic automaton for the strings in which several patterns are found, and that have so many characters.
///
/// A state is, for each pattern, the instructions that wait for the next scalar, and the number of scalars read as far as it matters: all
/// patterns are followed at once, so that what they have in common is what is left.
///
/// Source: Rabin & Scott 1959, *Finite Automata and Their Decision Problems*, for the product.
struct StringAutomaton {
    private static let stateLimit = 4096

    private struct State: Hashable {
        var waiting: [[Int]]
        var count = 0
    }

    private let programs: [RegularExpressionProgram]
    /// Where the sets of each program begin among those of all.
    private let firstSets: [Int]
    private let alphabet: ScalarAlphabet
    private let least: Int
    private let most: Int?

    /// - Throws: `TextLanguageError` if the patterns are too large.
    init(_ conditions: StringConditions) throws(TextLanguageError) {
        (least, most) = (conditions.least, conditions.most)
        do {
            // A pattern is found wherever it begins and ends.
            let around = RegularExpressionTree.repetition(.set(.all), minimum: 0, maximum: nil, isLazy: false)
            var programs: [RegularExpressionProgram] = []
            for pattern in conditions.patterns {
                let before: [RegularExpressionTree] = pattern.isAnchored ? [] : [around]
                programs.append(try RegularExpressionProgram(.sequence(before + [pattern, around])))
            }
            firstSets = programs.indices.map { programs[..<$0].reduce(0) { $0 + $1.sets.count } }
            alphabet = try ScalarAlphabet(programs.flatMap(\.sets))
            self.programs = programs
        } catch { throw .tooLarge(limit: RegularExpressionProgram.sizeLimit) }
    }

    private var start: State { State(waiting: programs.map { _ in [0] }) }

    /// Whether a string is one of them.
    func accepts(_ text: String) -> Bool {
        var state = start
        for (place, scalar) in text.unicodeScalars.enumerated() {
            guard let next = next(state, alphabet.symbol(of: scalar), isFirst: place == 0) else { return false }
            state = next
        }
        return isAccepting(state, isFirst: text.isEmpty)
    }

    /// A rule for each state, the first that of the start: what may follow in a string, its closing quote included.
    /// - Parameter first: the number that the first rule will have.
    func rules(from first: Int) throws(TextLanguageError) -> [LanguageTree] {
        let classes = alphabet.classes
        // The beginning is no other state, since patterns may ask for it.
        var (states, numbers): ([State], [State: Int]) = ([start], [:])
        var rules: [LanguageTree] = []
        while rules.count < states.count {
            let (state, isFirst) = (states[rules.count], rules.isEmpty)
            var sets: [Int: ScalarSet] = [:]
            for symbol in classes.indices {
                guard let next = next(state, symbol, isFirst: isFirst) else { continue }
                let number = numbers[next] ?? states.count
                if number == states.count {
                    guard number < Self.stateLimit else { throw .tooLarge(limit: Self.stateLimit) }
                    states.append(next)
                    numbers[next] = number
                }
                sets[number] = (sets[number] ?? ScalarSet()).union(classes[symbol])
            }
            var branches = sets.sorted { $0.key < $1.key }.map { number, set in
                LanguageTree.sequence([JSONTexts.characters(set), .rule(first + number)])
            }
            if isAccepting(state, isFirst: isFirst) { branches.append(.text("\"")) }
            rules.append(.choice(branches))
        }
        return rules
    }

    /// The state behind one scalar more; nil where nothing fits.
    private func next(_ state: State, _ symbol: Int, isFirst: Bool) -> State? {
        guard state.count < most ?? .max else { return nil }
        var result = State(waiting: [], count: most == nil ? min(state.count + 1, least) : state.count + 1)
        for index in programs.indices {
            let program = programs[index]
            let (reached, _) = reached(from: state.waiting[index], index, symbol: symbol, isFirst: isFirst)
            var next = Set<Int>()
            for place in reached {
                if case .set(let set) = program.instructions[place], isMember(symbol, set, index) {
                    next.insert(place + 1)
                }
            }
            guard !next.isEmpty else { return nil }
            // Where the pattern has been found, anything may follow.
            let found = program.instructions.count - 2
            result.waiting.append(next.contains(found) ? [found] : next.sorted())
        }
        return result
    }

    private func isAccepting(_ state: State, isFirst: Bool) -> Bool {
        state.count >= least
            && programs.indices.allSatisfy {
                reached(from: state.waiting[$0], $0, symbol: nil, isFirst: isFirst).isOver
            }
    }

    private func isMember(_ symbol: Int, _ set: Int, _ program: Int) -> Bool {
        alphabet.memberships[symbol][firstSets[program] + set]
    }

    /// What is reached without a scalar, before one of this class (nil: at the end), and whether the pattern is over.
    private func reached(
        from waiting: [Int], _ index: Int, symbol: Int?, isFirst: Bool
    ) -> (places: Set<Int>, isOver: Bool) {
        let program = programs[index]
        var (seen, stack, isOver): (Set<Int>, [Int], Bool) = ([], waiting, false)
        while let place = stack.popLast() {
            guard seen.insert(place).inserted else { continue }
            switch program.instructions[place] {
            case .match: isOver = true
            case .jump(let target): stack.append(target)
            case .split(let preferred, let other): stack += [preferred, other]
            case .set(let set): if isFirst, program.sets[set] == .beginning { stack.append(place + 1) }
            case .next(let set, let allowsEnd):
                if let symbol {
                    if isMember(symbol, set, index) { stack.append(place + 1) }
                } else if allowsEnd {
                    stack.append(place + 1)
                }
            }
        }
        return (seen, isOver)
    }
}

extension RegularExpressionTree {
    /// Whether it matches nowhere but at the beginning.
    fileprivate var isAnchored: Bool {
        switch self {
        case .set(let set): set == .beginning
        case .sequence(let items): items.first?.isAnchored ?? false
        case .choice(let branches): branches.allSatisfy(\.isAnchored)
        case .repetition, .next: false
        }
    }
}
