package import AttentionFiles

/// A stage that puts special tokens around the tokens of a text.
package protocol PostProcessor: Stage {
    func process(_ tokens: [Token]) -> [Token]
}

/// A piece of an encoded text.
package struct Token: Sendable, Equatable {
    package let id: Int
    /// Position among the words of the original text; `nil` if it stems from none, as special tokens do.
    package let word: Int?

    package init(id: Int, word: Int?) {
        self.id = id
        self.word = word
    }
}

/// The post-processors by name.
package enum PostProcessors {
    static let known: [any PostProcessor.Type] = [
        TemplateProcessing.self, BertProcessing.self, ByteLevelPostProcessor.self, PostProcessorSequence.self,
    ]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any PostProcessor {
        let (type, fields) = try chooseStage(value, kind: "post-processor", among: known) { $0.name }
        return try type.init(fields)
    }
}
