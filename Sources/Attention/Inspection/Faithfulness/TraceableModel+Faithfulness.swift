public import AttentionInspection
import AttentionLayers
import AttentionModels
import AttentionTensors

/// What is compared when a picture is asked whether it may be believed.
public struct FaithfulnessQuestion: Sendable, Hashable {
    /// Who looks at whom.
    public var kind: TracedAttention.Kind
    /// How pieces are shown: measures are of words where pieces are joined.
    public var grain: ModelTrace.Grain
    /// The word whose rows are compared alone; nil for all.
    public var word: String?
    /// The word that heads are asked about: how much of their attention it gets; nil for none.
    public var target: String?

    /// A question of these parts.
    public init(
        _ kind: TracedAttention.Kind, _ grain: ModelTrace.Grain = ModelTrace.Grain(), word: String? = nil,
        target: String? = nil
    ) {
        (self.kind, self.grain, self.word, self.target) = (kind, grain, word, target)
    }
}

/// Why a picture cannot be asked.
public enum FaithfulnessError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nobody can say of this kind of attention what depends on it.
    case kind(String, known: [String])
    /// A word that is not there.
    case noWord(String, known: [String])

    public var description: String {
        switch self {
        case .kind(let kind, let known):
            "faithfulness: expected attention of kind \(known.joined(separator: " or ")) here, found \(kind)"
        case .noWord(let word, let known):
            "faithfulness: expected one of the words \(known.joined(separator: " ")), found \(word)"
        }
    }
}

extension TraceableModel {
    /// Whether the picture of a trace may be believed: attention beside leaving words out, gradients and integrated gradients, and what leaving out
    /// each head that was looked into changes.
    ///
    /// The outcome at a place is ln P of what is written there; of what is only read, how far its state stays what it is. What a place owes to
    /// itself is not compared, nor what comes behind it in a text that is read from left to right.
    ///
    /// - Parameter trace: what `trace` gave for the same texts.
    /// - Throws: `FaithfulnessError` if there is no such attention or word; what the model throws.
    /// - Complexity: a pass for each word and head, a backward pass for each place that looks and step of the integral.
    public func faithfulness(
        of trace: ModelTrace, _ text: String, and second: String? = nil, _ question: FaithfulnessQuestion
    ) throws -> Faithfulness {
        let (part, map) = (try trace.part(question.kind), try trace.map(of: question.kind, question.grain))
        let (rows, columns) = (
            trace.groups(of: part.queries, question.grain), trace.groups(of: part.keys, question.grain)
        )
        let chosen = try rows.places(of: question.word)
        let asked = try question.target.map { try columns.places(of: $0) }
        let outcomes = try outcomes(question.kind, text, and: second)
        let isOwn = part.queries == part.keys

        /// Outcomes of pieces as those of words, of the rows that were chosen.
        func joined(_ values: [[Float]]) -> [[Float]] {
            chosen.map { row in
                columns.pieces.indices.map { column in rows.pieces[row].reduce(0) { $0 + values[$1][column] } }
            }
        }
        let attention = try AlignmentMatrix(
            name: trace.name, source: columns.labels, target: chosen.map { rows.labels[$0] },
            weights: chosen.map { map.chosenMatrix.weights[$0] })
        var heads: [Faithfulness.HeadEffect] = []
        if let kind = AttentionKind(rawValue: part.kind.rawValue), !self.heads[kind].isEmpty {
            for (layer, number) in part.layers.enumerated() {
                for (head, name) in part.heads.enumerated() {
                    let effect = try outcomes.effect(of: Ablation([name], of: kind, at: number))
                    let own = chosen.flatMap { rows.pieces[$0] }.map { effect[$0] }
                    let weights = asked.map { asked in
                        chosen.map { row in asked.reduce(Float(0)) { $0 + map.weights[layer][head][row][$1] } }
                    }
                    heads.append(
                        Faithfulness.HeadEffect(
                            head: Head(kind, layer: number, head: name).text,
                            effect: own.isEmpty ? 0 : Double(own.reduce(0, +)) / Double(own.count),
                            weight: weights.map { Double($0.reduce(0, +)) / Double(max(1, $0.count)) }))
                }
            }
        }
        return try Faithfulness(
            attention: attention,
            importances: [
                .leaveOneOut: joined(try outcomes.leaveOneOut(columns.pieces)),
                .gradient: joined(try outcomes.gradients(columns.pieces)),
                .integratedGradients: joined(try outcomes.integratedGradients(columns.pieces)),
            ], heads: heads
        ) { row, column in
            guard isOwn else { return true }
            let (looks, seen) = (rows.pieces[chosen[row]], columns.pieces[column])
            return part.kind == .decoder ? seen[seen.count - 1] < looks[0] : seen != looks
        }
    }
}

extension WordGroups {
    /// Where a word stands; everywhere if none is named.
    /// - Throws: `FaithfulnessError.noWord` if it does not.
    fileprivate func places(of word: String?) throws(FaithfulnessError) -> [Int] {
        guard let word else { return Array(labels.indices) }
        let places = labels.places(ofLabel: word)
        guard !places.isEmpty else { throw .noWord(word, known: labels) }
        return places
    }
}
