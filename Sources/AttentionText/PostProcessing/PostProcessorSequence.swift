package import AttentionFiles

/// Post-processors one after the other.
package struct PostProcessorSequence: PostProcessor {
    package static let name = "Sequence"

    private let processors: [any PostProcessor]

    package init(_ fields: StageFields) throws(TokenizerError) {
        var processors: [any PostProcessor] = []
        for value in try fields.array("processors") { processors.append(try PostProcessors.read(value)) }
        self.processors = processors
    }

    package var members: [JSONMember] {
        [JSONMember("processors", .array(processors.map(\.json)))]
    }

    package func process(_ parts: [TokenSequence], addingSpecialTokens: Bool) -> [TokenSequence] {
        processors.reduce(parts) { $1.process($0, addingSpecialTokens: addingSpecialTokens) }
    }

    package var spellings: [Int: String] {
        processors.reduce(into: [:]) { $0.merge($1.spellings) { first, _ in first } }
    }

    package var frame: TextFrame? {
        processors.reduce(TextFrame()) { inner, processor in inner.flatMap { processor.frame?.around($0) } }
    }

    package func addedCount(isPair: Bool) -> Int {
        processors.reduce(0) { $0 + $1.addedCount(isPair: isPair) }
    }
}
