import Attention
import AttentionCommand
import AttentionFiles

/// `--view map`: all heads over texts.
extension Inspect {
    func writeMap(of model: some TraceableModel, reading texts: [String]) throws {
        let (found, first) = try map(of: model, texts.map { ($0, nil) })
        try write(try chosenFormat().bytes(of: found, in: first))
    }

    /// The heads over texts, and the trace of the first.
    private func map(
        of model: some TraceableModel, _ texts: [(text: String, second: String?)]
    ) throws -> (HeadMap, ModelTrace) {
        let heads = AttentionSelection(layers: layers?.indices, heads: heads?.indices)
        // A page goes through the first text step by step.
        let first = try model.trace(texts[0].text, and: texts[0].second, heads: heads)
        var map = try HeadMap(of: kind ?? first.firstKind(for: .entropy), in: first)
        for (text, second) in texts.dropFirst() {
            try map.add(try model.trace(text, and: second, heads: heads, keeping: .attention))
        }
        return (map, first)
    }

    /// The heads that look from translations to their sources, and how well they align words.
    func compareMap(_ source: String, _ target: String) throws {
        let pairs = try AlignmentFiles.pairs(source, target)
        guard 1...Self.textLimit ~= pairs.count else {
            throw AlignmentFileError.otherCount(source, found: pairs.count, limit: Self.textLimit)
        }
        let words = pairs.map { WordPair($0.source, $0.target) }
        let references =
            try gold.map { try AlignmentFiles.references($0, count: pairs.count, firstIndex: goldFrom) }
            ?? StatisticalAligner(symmetrization: .growDiagonalFinalAnd).align(words)
            .map { ReferenceAlignment(sure: $0.links, possible: $0.links) }
        let translator = try choice.translator(of: model.model ?? "default")
        try ablation(of: translator) {
            let (found, first) = try map(of: translator, pairs.map { ($0.source, $0.target) })
            let ratings = try AttentionAligner(translator).ratings(of: words, references: references)
            let alignments = ratings.filter { !$0.look.isRead }.map {
                ($0.look.head, HeadMap.Alignment($0.rate, agreement: $0.agreement))
            }
            try write(
                try chosenFormat().bytes(of: found.comparing(Dictionary(uniqueKeysWithValues: alignments)), in: first))
        }
    }
}
