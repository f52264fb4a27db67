import Synchronization

/// Follows texts of a language token by token: which tokens may come next, and whether a text may end.
///
/// What is found is kept, so that a state that comes again costs nothing.
package final class LanguageFollower: Sendable {
    /// When so many states are known, all are forgotten, and found again as they are needed.
    private static let stateLimit = 20_000
    /// For so many states it is kept which tokens may follow.
    private static let choiceLimit = 2048
    /// How much may be looked through to see whether tokens can spell texts of the language at all.
    private static let searchLimit = 50_000_000

    /// Which tokens may follow a text.
    package struct Choices: Sendable {
        /// Those that lead on.
        package let tokens: TokenSet
        /// Whether the text may end.
        package let mayEnd: Bool
    }

    private struct Memory {
        var automaton: LanguageAutomaton
        var states: [[Int]: Int] = [:]
        var choices: [Int: Choices] = [:]
    }

    private let language: TextLanguage
    /// What each token adds to a text, at its beginning and behind that.
    private let (firstPieces, laterPieces): ([[UInt8]?], [[UInt8]?])
    private let (firstMask, laterMask): (PieceMask, PieceMask)
    /// The states from which tokens can spell the end of a text; nil where that is possible from all.
    private let living: Set<Int>?
    private let memory: Mutex<Memory>

    /// - Parameters:
    ///   - first: the bytes of each token at the beginning of a text; nil where it may not be written.
    ///   - later: the same behind other tokens.
    /// - Throws: `TextLanguageError` if these tokens can spell no text of the language.
    package init(
        _ language: TextLanguage, first: [[UInt8]?], later: [[UInt8]?]
    ) throws(TextLanguageError) {
        self.language = language
        (firstPieces, laterPieces) = (first, later)
        (firstMask, laterMask) = (PieceMask(first), PieceMask(later))
        var automaton = LanguageAutomaton(language.program)
        let used = language.program.usedBytes
        if used.isSubset(of: laterMask.singleBytes), used.isSubset(of: firstMask.singleBytes) {
            living = nil
        } else {
            living = try Self.living(&automaton, firstMask, laterMask)
        }
        memory = Mutex(Memory(automaton: automaton))
    }

    /// What may follow tokens that were written from the beginning of a text on.
    package func choices(behind tokens: [Int]) -> Choices {
        memory.withLock { memory in
            if living == nil, memory.automaton.stateCount > Self.stateLimit {
                memory = Memory(automaton: LanguageAutomaton(language.program))
            }
            let state = self.state(behind: tokens, &memory)
            let mask = tokens.isEmpty ? firstMask : laterMask
            // The first token is another; no state comes before itself in a text that has begun.
            if !tokens.isEmpty, let known = memory.choices[state] { return known }
            var followers = mask.followers(of: state, &memory.automaton)
            if let living { followers.removeAll { !living.contains($0.state) } }
            let choices = Choices(
                tokens: TokenSet(followers.lazy.map(\.id), below: laterPieces.count),
                mayEnd: memory.automaton.isAccepting(state))
            if memory.choices.count >= Self.choiceLimit { memory.choices = [:] }
            if !tokens.isEmpty { memory.choices[state] = choices }
            return choices
        }
    }

    private func state(behind tokens: [Int], _ memory: inout Memory) -> Int {
        guard let last = tokens.last else { return LanguageAutomaton.start }
        if let known = memory.states[tokens] { return known }
        // One token more than last time, mostly.
        var state = LanguageAutomaton.start
        if let before = memory.states[Array(tokens.dropLast())] {
            state = next(before, last, isFirst: tokens.count == 1, &memory)
        } else {
            for (place, token) in tokens.enumerated() { state = next(state, token, isFirst: place == 0, &memory) }
        }
        if memory.states.count > 1024 { memory.states = [:] }
        memory.states[tokens] = state
        return state
    }

    private func next(_ state: Int, _ token: Int, isFirst: Bool, _ memory: inout Memory) -> Int {
        let pieces = isFirst ? firstPieces : laterPieces
        guard pieces.indices.contains(token), let bytes = pieces[token] else { return LanguageAutomaton.nowhere }
        return memory.automaton.next(state, bytes)
    }

    /// The states from which tokens can spell the end, by going back from where texts may end.
    private static func living(
        _ automaton: inout LanguageAutomaton, _ first: PieceMask, _ later: PieceMask
    ) throws(TextLanguageError) -> Set<Int> {
        var before: [Int: [Int]] = [:]
        var (met, waiting): (Set<Int>, [Int]) = ([], [])
        let begun = first.followers(of: LanguageAutomaton.start, &automaton).map(\.state)
        for state in begun where met.insert(state).inserted { waiting.append(state) }
        var work = 0
        while let state = waiting.popLast() {
            work += later.count
            guard work <= searchLimit, automaton.stateCount <= stateLimit else { throw .tooLarge(limit: searchLimit) }
            for next in Set(later.followers(of: state, &automaton).map(\.state)) {
                before[next, default: []].append(state)
                if met.insert(next).inserted { waiting.append(next) }
            }
        }
        var living = met.filter { automaton.isAccepting($0) }
        var reached = Array(living)
        while let state = reached.popLast() {
            for earlier in before[state] ?? [] where living.insert(earlier).inserted { reached.append(earlier) }
        }
        guard automaton.isAccepting(LanguageAutomaton.start) || begun.contains(where: living.contains) else {
            throw .unspellable
        }
        return living
    }
}
