package import AttentionFiles

/// A unigram language model: of all ways to cut a segment into pieces, the one whose log probabilities add up highest.
///
/// Source: Kudo, Subword Regularization (2018), section 3.2; the best path by dynamic programming (Viterbi).
package struct Unigram: SubwordModel {
    package static let name = "Unigram"
    /// How much less likely an unknown character is than the least likely piece, as a logarithm.
    static let unknownPenalty = 10.0

    package let vocabulary: Vocabulary
    /// The pieces by their ids, with the logarithms of their probabilities.
    private let pieces: JSONTable
    private let search: UnigramSearch<Double>
    private let unknownID: Int?
    private let byteFallback: Bool
    private let byteIDs: [Int?]

    package init(_ fields: StageFields) throws(TokenizerError) {
        pieces = try fields.table("vocab", [.numberedPairs]) { _, value, _ in
            .invalidField(
                stage: fields.stage, field: "vocab", expected: "pairs of a piece and its score", found: value.summary)
        }
        vocabulary = Vocabulary(positionsIn: pieces)
        search = UnigramSearch(
            vocabulary, scores: pieces.numbers, unknownScore: (pieces.numbers.min() ?? 0) - Self.unknownPenalty)
        byteFallback = try fields.bool("byte_fallback", default: false)
        byteIDs = vocabulary.byteIDs()
        unknownID = fields.value("unk_id") == nil ? nil : try fields.count("unk_id")
        if let unknownID, unknownID >= pieces.count {
            throw fields.error("unk_id", expected: "an id below the vocabulary's \(pieces.count) pieces")
        }
    }

    package var members: [JSONMember] {
        [
            JSONMember("unk_id", unknownID.map { .number(JSONNumber($0)) } ?? .null),
            JSONMember("vocab", .table(pieces)),
            JSONMember("byte_fallback", .bool(byteFallback)),
        ]
    }

    package func subwords(of segment: [UInt8]) -> [Subword] {
        var result: [Subword] = []
        var pendingUnknown: Int?
        var end = 0
        for step in search.bestCut(of: segment) {
            defer { end = step.end }
            guard step.id == nil || step.id == unknownID else {
                appendUnknown(from: &pendingUnknown, to: step.start, of: segment, &result)
                step.id.map { result.append(Subword(id: $0, start: step.start, end: step.end)) }
                continue
            }
            pendingUnknown = pendingUnknown ?? step.start
        }
        appendUnknown(from: &pendingUnknown, to: end, of: segment, &result)
        return result
    }

    /// Neighbouring unknown characters are one unknown piece, or all their bytes.
    private func appendUnknown(from start: inout Int?, to end: Int, of segment: [UInt8], _ result: inout [Subword]) {
        guard let first = start else { return }
        start = nil
        let text = segment[first..<end]
        let bytes = byteFallback ? text.compactMap { byteIDs[Int($0)] } : []
        if let id = vocabulary.id(of: text) {
            result.append(Subword(id: id, start: first, end: end))
        } else if bytes.count == text.count {
            result += bytes.map { Subword(id: $0, start: first, end: end) }
        } else if let unknownID {
            result.append(Subword(id: unknownID, start: first, end: end, isUnspelt: true))
        }
    }
}
