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
