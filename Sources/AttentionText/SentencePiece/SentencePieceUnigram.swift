package import AttentionFiles

/// The unigram model of a SentencePiece file.
///
/// Source: Kudo, Subword Regularization (2018); SentencePiece's arithmetic in 32 bits.
package struct SentencePieceUnigram: SubwordModel {
    package static let name = "SentencePieceUnigram"

    private let content: SentencePieceVocabulary
    private let search: UnigramSearch<Float>

    init(_ content: SentencePieceVocabulary) {
        self.content = content
        let scores = content.pieces.filter { $0.kind == .normal }.map(\.score)
        let highest = scores.max() ?? 0
        search = UnigramSearch(
            content.vocabulary,
            scores: content.pieces.indices.map { id in
                let piece = content.pieces[id]
                guard content.isTextual(id), piece.kind != .unused else { return -.infinity }
                // A user's piece always wins against any cut of it.
                let isUsers = piece.kind == .userDefined
                return isUsers ? Float(piece.text.utf8.count) * highest - 0.1 : piece.score
            }, unknownScore: (scores.min() ?? 0) - Float(Unigram.unknownPenalty))
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        self.init(try SentencePieceVocabulary(fields))
    }

    package var vocabulary: Vocabulary { content.vocabulary }
    package var specialIDs: Set<Int> { content.controlIDs }
    package var members: [JSONMember] { content.members }

    package func subwords(of segment: [UInt8]) -> [Subword] {
        let spans = search.bestCut(of: segment).map { ($0.id ?? content.unknownID, $0.start..<$0.end) }
        return content.resolved(spans, of: segment)
    }
}
