public import AttentionDecoding
public import AttentionMechanisms
public import AttentionTensors

/// A language model that remembers the prompts it has read last: of one that begins as another did, only the rest is read.
///
/// What is written does not change. Prompts that share a long beginning, such as what an assistant is told first in all conversations, and the
/// turns of one conversation, begin at once.
///
/// ```swift
/// let model = RecallingModel(base, byteLimit: 256 << 20)      // copies share what they remember
/// ```
///
/// *Source:* Zheng et al. 2024, *SGLang: Efficient Execution of Structured Language Model Programs*, sec. 3 (RadixAttention).
public struct RecallingModel<Base: LanguageModel>: WrappingModel {
    public typealias State = Base.State

    /// What reads and says what may come next.
    public private(set) var base: Base
    private var prompts: RecentPrompts<Base.State>

    /// A model that keeps prompts of so many bytes at most.
    public init(_ base: Base, byteLimit: Int) {
        (self.base, prompts) = (base, RecentPrompts(byteLimit: max(0, byteLimit)))
    }

    /// How many tokens of prompts did not have to be read since the model was opened.
    public var recalledTokens: Int { prompts.recalledTokens }

    public func start(rowCount: Int, format: PageFormat) -> State { base.start(rowCount: rowCount, format: format) }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        guard state.lengths == [0], outputs.subtracting(.logits).isEmpty, !base.dependsOnLongestText else {
            return try base.step(tokens, &state, wanting: outputs)
        }
        let (text, fresh) = (tokens[0], state)
        var rest = text
        if var known = prompts.recall(text, format: state.format) {
            // The last token is read in any case, since what may come behind it is wanted.
            let length = min(known.common, text.count - 1)
            if (try? known.state.truncate(to: [length])) != nil {
                state = known.state
                rest = Array(text[length...])
                prompts.note(recalled: length)
            }
        }
        do {
            let step = try base.step([rest], &state, wanting: outputs)
            prompts.keep(text, state)
            return step
        } catch {
            state = fresh
            throw error
        }
    }

    /// Those of the base. Whoever visits remembers nothing any more, since its weights may be others afterwards.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        defer { prompts = RecentPrompts(byteLimit: prompts.byteLimit) }
        try base.visit(&visitor, path)
    }
}
