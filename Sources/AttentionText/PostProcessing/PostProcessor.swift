package import AttentionFiles

/// A stage that puts special tokens around the tokens of a text, or of a pair of texts.
package protocol PostProcessor: Stage {
    /// The parts of the result, to be read one after the other.
    ///
    /// - Parameters:
    ///   - parts: the text and, if there is one, its pair; or what a processor before has made of them.
    ///   - addingSpecialTokens: whether special tokens are put in.
    func process(_ parts: [TokenSequence], addingSpecialTokens: Bool) -> [TokenSequence]

    /// How many special tokens are put in.
    func addedCount(isPair: Bool) -> Int

    /// How special tokens that are put in are spelt, by their ids.
    var spellings: [Int: String] { get }

    /// All that is done to a text without a pair, if it is no more than a frame.
    var frame: TextFrame? { get }
}

/// What stands around a text without a pair, and what becomes of its own tokens.
package struct TextFrame: Sendable {
    var before: [Token] = []
    var after: [Token] = []
    /// Nil: offsets stay as they are. Otherwise spaces at the ends of tokens are taken off; whether one at the beginning was put in.
    var trimming: Bool?
    /// The type of the text's tokens.
    var typeID: Int32 = 0

    /// This frame around a text that has had another put around it; nil if they do not go together.
    func around(_ inner: TextFrame) -> TextFrame? {
        guard trimming == nil || inner.trimming == nil, inner.before.isEmpty, inner.after.isEmpty else { return nil }
        return TextFrame(before: before, after: after, trimming: trimming ?? inner.trimming, typeID: typeID)
    }
}

/// The post-processors by name.
package enum PostProcessors {
    static let known: [any PostProcessor.Type] = [
        TemplateProcessing.self, BertProcessing.self, RobertaProcessing.self, ByteLevelPostProcessor.self,
        PostProcessorSequence.self,
    ]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any PostProcessor {
        let (type, fields) = try chooseStage(value, kind: "post-processor", among: known) { $0.name }
        return try type.init(fields)
    }
}
