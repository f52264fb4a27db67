/// A deterministic automaton that finds the end of the match which a backtracking matcher would find first.
///
/// A state is the list of instructions that wait for the next scalar, the preferred first. What they reach without a
/// scalar is worked out once the next scalar (or the end of the text) is known: so a look-ahead at one character is an
/// ordinary condition, and a match is seen one scalar late. All states are made at once; what runs has no memory, and
/// its time is linear in the scalars it looks at.
struct RegularExpressionAutomaton: Sendable {
    private static let stateLimit = 4096

    private let alphabet: ScalarAlphabet
    /// For each state and symbol, the end last: twice the next state, plus 1 if a match ends before the symbol. State 0 is
    /// the one in which nothing can follow.
    private let transitions: [Int32]
    private let width: Int

    init(_ program: RegularExpressionProgram) throws(RegularExpressionError) {
        alphabet = try ScalarAlphabet(program.sets)
        width = alphabet.count + 1
        var construction = Construction(program: program, alphabet: alphabet)
        transitions = try construction.run(stateLimit: Self.stateLimit)
    }

    /// Whether a space that follows anything but white space is to every match what the end of the text is.
    var endsBeforeSpaces: Bool {
        let space = alphabet.symbol(of: " ")
        let white: [Unicode.Scalar] = [
            " ", "\t", "\n", "\u{B}", "\u{C}", "\r", "\u{85}", "\u{A0}", "\u{1680}", "\u{2000}", "\u{2028}", "\u{3000}",
        ]
        let others = Set(0..<alphabet.count).subtracting(white.map(alphabet.symbol)).union(
            StretchCutter.solidScalars.map(alphabet.symbol))
        let stateCount = transitions.count / width
        // A match of nothing would be found in other places.
        guard (0..<width).allSatisfy({ transitions[width + $0] & 1 == 0 }) else { return false }
        return (1..<stateCount).allSatisfy { state in
            others.allSatisfy { symbol in
                let next = Int(transitions[state * width + symbol] >> 1)
                return transitions[next * width + space] == transitions[next * width + width - 1]
            }
        }
    }

    /// Where the match that begins at `start` ends, if there is one.
    @inline(__always)
    func end(in text: UnsafeBufferPointer<AlignedScalar>, from start: Int) -> Int? {
        var state = 1
        var position = start
        var end = -1
        transitions.withUnsafeBufferPointer { transitions in
            while state != 0 {
                let isOver = position == text.count
                let symbol = isOver ? width - 1 : alphabet.symbol(of: text[position].scalar)
                let transition = transitions[state * width + symbol]
                if transition & 1 == 1 { end = position }
                state = isOver ? 0 : Int(transition >> 1)
                position += 1
            }
        }
        return end < 0 ? nil : end
    }

    /// The making of the states.
    private struct Construction {
        let program: RegularExpressionProgram
        let alphabet: ScalarAlphabet
        private var states: [[Int]] = [[], [0]]
        private var numbers: [[Int]: Int] = [[]: 0, [0]: 1]

        init(program: RegularExpressionProgram, alphabet: ScalarAlphabet) {
            self.program = program
            self.alphabet = alphabet
        }

        mutating func run(stateLimit: Int) throws(RegularExpressionError) -> [Int32] {
            var transitions = [Int32](repeating: 0, count: alphabet.count + 1)
            var state = 1
            while state < states.count {
                for symbol in 0...alphabet.count {
                    let (next, isMatch) = step(states[state], symbol)
                    let number = numbers[next] ?? states.count
                    if number == states.count {
                        guard number < stateLimit else {
                            throw RegularExpressionError(position: 0, reason: "a pattern too large for an automaton")
                        }
                        states.append(next)
                        numbers[next] = number
                    }
                    transitions.append(Int32(2 * number + (isMatch ? 1 : 0)))
                }
                state += 1
            }
            return transitions
        }

        /// What waits after `symbol`, and whether a match ends before it: whatever is less preferred is cut off.
        private func step(_ waiting: [Int], _ symbol: Int) -> (next: [Int], isMatch: Bool) {
            let memberships = symbol < alphabet.count ? alphabet.memberships[symbol] : []
            var seen = Set<Int>()
            var next: [Int] = []
            var stack = Array(waiting.reversed())
            while let position = stack.popLast() {
                guard seen.insert(position).inserted else { continue }
                switch program.instructions[position] {
                case .match: return (next, true)
                case .jump(let target): stack.append(target)
                case .split(let preferred, let other): stack += [other, preferred]
                case .next(let set, let allowsEnd):
                    if memberships.isEmpty ? symbol == alphabet.count && allowsEnd : memberships[set] {
                        stack.append(position + 1)
                    }
                case .set(let set):
                    if !memberships.isEmpty, memberships[set], !next.contains(position + 1) {
                        next.append(position + 1)
                    }
                }
            }
            return (next, false)
        }
    }
}
