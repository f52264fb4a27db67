/// Follows texts of a language byte by byte. States are made as they are met, and kept.
///
/// A state is the set of places where the program may be, each with the calls it has to go back to. Since the program has nothing that no text
/// can fit, every state but 0 can be led to the end of a text.
///
/// Source: Thompson (1968) for all ways at once; Earley (1970), *An Efficient Context-Free Parsing Algorithm*, for calls that share what they go
/// back to.
struct LanguageAutomaton {
    /// Where no text of the language leads.
    static let nowhere = 0
    /// Before the first byte.
    static let start = 1

    private struct Place: Hashable {
        let instruction: Int
        let stack: Int
    }

    private struct Frame: Hashable {
        let back: Int
        let below: Int
    }

    private let program: LanguageProgram
    private var frames: [Frame?] = [nil]
    private var frameNumbers: [Frame: Int] = [:]
    private var states: [[Place]] = [[]]
    private var accepting: [Bool] = [false]
    private var numbers: [[Place]: Int] = [:]
    /// For each state and byte the next state; −1 if it has not been asked for.
    private var transitions: [Int32] = [Int32](repeating: 0, count: 256)

    init(_ program: LanguageProgram) {
        self.program = program
        var waiting = [Place(instruction: 0, stack: 0)]
        _ = number(of: &waiting)
    }

    var stateCount: Int { states.count }

    /// Whether a text may end here.
    func isAccepting(_ state: Int) -> Bool { accepting[state] }

    /// Whether a text may go on here.
    func isOpen(_ state: Int) -> Bool { !states[state].isEmpty }

    /// The state behind one byte more.
    mutating func next(_ state: Int, _ byte: UInt8) -> Int {
        let known = transitions[state << 8 | Int(byte)]
        if known >= 0 { return Int(known) }
        var waiting: [Place] = []
        for place in states[state] {
            guard case .bytes(let range) = program.instructions[place.instruction], range.contains(byte) else {
                continue
            }
            waiting.append(Place(instruction: place.instruction + 1, stack: place.stack))
        }
        let next = waiting.isEmpty ? Self.nowhere : number(of: &waiting)
        transitions[state << 8 | Int(byte)] = Int32(next)
        return next
    }

    /// The state behind bytes.
    mutating func next(_ state: Int, _ bytes: some Sequence<UInt8>) -> Int {
        var state = state
        for byte in bytes where state != Self.nowhere { state = next(state, byte) }
        return state
    }

    /// The number of the state in which these places, and whatever they reach without a byte, are.
    private mutating func number(of waiting: inout [Place]) -> Int {
        var (seen, places, isAccepting): (Set<Place>, [Place], Bool) = ([], [], false)
        while let place = waiting.popLast() {
            guard seen.insert(place).inserted else { continue }
            func moved(_ instruction: Int, _ stack: Int? = nil) -> Place {
                Place(instruction: instruction, stack: stack ?? place.stack)
            }
            switch program.instructions[place.instruction] {
            case .bytes: places.append(place)
            case .jump(let target): waiting.append(moved(target))
            case .split(let first, let second): waiting += [moved(first), moved(second)]
            case .call(let start):
                // Nothing is left to do behind a call that leaves at once: rules that follow one another need no stack.
                if program.leaves(at: place.instruction + 1) {
                    waiting.append(moved(start))
                } else {
                    waiting.append(moved(start, frame(back: place.instruction + 1, below: place.stack)))
                }
            case .leave:
                if let frame = frames[place.stack] {
                    waiting.append(moved(frame.back, frame.below))
                } else {
                    isAccepting = true
                }
            }
        }
        places.sort { ($0.instruction, $0.stack) < ($1.instruction, $1.stack) }
        // Whether a text may end goes with the places: it is one more of them.
        let key = isAccepting ? places + [Place(instruction: -1, stack: 0)] : places
        if let number = numbers[key] { return number }
        let number = states.count
        numbers[key] = number
        states.append(places)
        accepting.append(isAccepting)
        transitions += repeatElement(-1, count: 256)
        return number
    }

    private mutating func frame(back: Int, below: Int) -> Int {
        let frame = Frame(back: back, below: below)
        if let number = frameNumbers[frame] { return number }
        frames.append(frame)
        frameNumbers[frame] = frames.count - 1
        return frames.count - 1
    }
}
