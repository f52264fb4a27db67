import AttentionDecoding
import AttentionMechanisms
public import AttentionTensors

/// Guesses with a smaller model of the same vocabulary, always its likeliest token; nothing behind tokens that are none of its own.
///
/// Source: Leviathan et al. 2023, *Fast Inference from Transformers via Speculative Decoding*, sec. 2.
public struct ModelDrafter<Model: LanguageModel>: Drafter {
    /// What guesses.
    public let model: Model
    /// How many tokens are guessed.
    public let guessCount: Int

    /// Guesses of so many tokens.
    public init(_ model: Model, guessCount: Int = 5) { (self.model, self.guessCount) = (model, max(0, guessCount)) }

    /// What the model has read.
    public struct Memory: Sendable {
        fileprivate var state: Model.State
        fileprivate var tokens: [Int] = []
    }

    public var start: Memory { Memory(state: model.start(rowCount: 1)) }

    public func guesses(behind text: [Int], _ memory: inout Memory) throws(ShapeError) -> [Int] {
        let room = model.lengthLimit.map { $0 - text.count } ?? guessCount
        let size = model.vocabularySize
        guard room > 0, guessCount > 0, !text.isEmpty, text.allSatisfy({ 0..<size ~= $0 }) else { return [] }
        try goBack(&memory, to: text)
        var (unread, guesses): ([Int], [Int]) = (Array(text[memory.tokens.count...]), [])
        while true {
            let logits = try model.step([unread], &memory.state, wanting: .logits).logits
            memory.tokens += unread
            guard let logits, let token = Self.likeliest(logits) else { break }
            guesses.append(token)
            unread = [token]
            if guesses.count == min(guessCount, room) { break }
        }
        return guesses
    }

    /// Forgets what the text does not begin with, and its last token, behind which something is to be said.
    private func goBack(_ memory: inout Memory, to text: [Int]) throws(ShapeError) {
        let agreed = min(memory.tokens.agreement(with: text), text.count - 1)
        guard agreed < memory.tokens.count else { return }
        do {
            try memory.state.truncate(to: [agreed])
            memory.tokens.removeSubrange(agreed...)
        } catch {
            // A window has left behind what would be looked at again.
            memory = start
        }
    }

    private static func likeliest(_ logits: Tensor) -> Int? {
        logits.withElements { elements in (0..<logits.shape.elementCount).max { elements[$0] < elements[$1] } }
    }
}

extension Sequence<Int> {
    /// How many tokens are the same from the beginning on.
    func agreement(with other: some Sequence<Int>) -> Int {
        zip(self, other).prefix { $0 == $1 }.reduce(0) { count, _ in count + 1 }
    }
}
