import AttentionMechanisms
import Synchronization

/// Prompts that were read, and what the model remembers of each; those that nobody began with for longest are forgotten first.
final class RecentPrompts<State: TextState>: Sendable {
    private struct Prompt {
        let tokens: [Int]
        let state: State
        let byteCount: Int
    }

    private struct Kept {
        /// The most recent last.
        var prompts: [Prompt] = []
        var byteCount = 0
        var recalledTokens = 0
    }

    /// How much is kept. What prompts share counts for each of them.
    let byteLimit: Int
    private let kept = Mutex(Kept())

    /// What is shorter is read sooner than found.
    private static var leastLength: Int { 16 }

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    var recalledTokens: Int { kept.withLock { $0.recalledTokens } }

    func note(recalled count: Int) { kept.withLock { $0.recalledTokens += count } }

    /// What is remembered of the prompt that shares the longest beginning with a text, and how long that is; nil if none is worth it.
    /// - Complexity: O(tokens of all prompts).
    func recall(_ text: [Int], format: PageFormat) -> (state: State, common: Int)? {
        kept.withLock { kept in
            var best: (place: Int, common: Int)?
            for (place, prompt) in kept.prompts.enumerated() where prompt.state.format == format {
                let common = zip(prompt.tokens, text).prefix { $0 == $1 }.count
                if common >= max(Self.leastLength, best?.common ?? 0) { best = (place, common) }
            }
            guard let best else { return nil }
            let prompt = kept.prompts.remove(at: best.place)
            kept.prompts.append(prompt)
            return (prompt.state, best.common)
        }
    }

    /// Keeps what was read of a text. A prompt that is its beginning is in it.
    func keep(_ text: [Int], _ state: State) {
        let byteCount = state.byteCount
        guard text.count >= Self.leastLength, byteCount <= byteLimit else { return }
        kept.withLock { kept in
            kept.prompts.removeAll { $0.state.format == state.format && text.starts(with: $0.tokens) }
            kept.prompts.append(Prompt(tokens: text, state: state, byteCount: byteCount))
            kept.byteCount = kept.prompts.reduce(0) { $0 + $1.byteCount }
            while kept.byteCount > byteLimit { kept.byteCount -= kept.prompts.removeFirst().byteCount }
        }
    }
}
