package import AttentionFiles

/// The byte-pair encoding of a SentencePiece file: of all neighbours whose join is a piece, those are joined first whose
/// piece has the highest score.
///
/// Source: Sennrich, Haddow and Birch (2016); the order of merges as in SentencePiece.
package struct SentencePieceBPE: SubwordModel {
    package static let name = "SentencePieceBPE"

    private let content: SentencePieceVocabulary
    private let userDefined: PrefixMatcher

    init(_ content: SentencePieceVocabulary) {
        self.content = content
        userDefined = PrefixMatcher(content.userDefined)
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        self.init(try SentencePieceVocabulary(fields))
    }

    package var vocabulary: Vocabulary { content.vocabulary }
    package var specialIDs: Set<Int> { content.controlIDs }
    package var members: [JSONMember] { content.members }

    /// A stretch in a chain that shrinks as neighbours join.
    private struct Link {
        var end: Int
        var previous: Int
        var next: Int
        let isFrozen: Bool
    }

    /// Two neighbours, the better first: higher score, then further left.
    private struct Candidate: Comparable {
        let score: Float
        let start: Int
        let middle: Int
        let end: Int

        static func < (first: Candidate, second: Candidate) -> Bool {
            first.score == second.score ? first.start < second.start : first.score > second.score
        }
    }

    /// Complexity: O(n log n) in the number of characters.
    package func subwords(of segment: [UInt8]) -> [Subword] {
        var chain = links(of: segment)
        var queue = PriorityQueue<Candidate>()
        // How an unused piece came about, so that it can be taken apart again.
        var halves: [Range<Int>: Int] = [:]
        func enqueue(_ start: Int) {
            guard let left = chain[start], left.next < segment.count, let right = chain[left.next], !left.isFrozen,
                !right.isFrozen, let id = vocabulary.id(of: segment[start..<right.end]), content.isTextual(id)
            else { return }
            let candidate = Candidate(
                score: content.pieces[id].score, start: start, middle: left.next, end: right.end)
            if content.pieces[id].kind == .unused { halves[start..<right.end] = left.next }
            queue.insert(candidate)
        }
        var start = 0
        while start < segment.count, let link = chain[start] {
            enqueue(start)
            start = link.next
        }
        while let candidate = queue.popSmallest() {
            guard let left = chain[candidate.start], left.next == candidate.middle, let right = chain[candidate.middle],
                right.end == candidate.end, left.end == candidate.middle
            else { continue }
            chain[candidate.start] = Link(
                end: right.end, previous: left.previous, next: right.next, isFrozen: false)
            chain[candidate.middle] = nil
            if right.next < segment.count { chain[right.next]?.previous = candidate.start }
            if left.previous >= 0 { enqueue(left.previous) }
            enqueue(candidate.start)
        }
        var spans: [(id: Int, range: Range<Int>)] = []
        start = 0
        while start < segment.count, let link = chain[start] {
            appendPieces(of: start..<link.end, segment, halves, &spans)
            start = link.next
        }
        return content.resolved(spans, of: segment)
    }

    /// The characters of `segment`, user-defined pieces whole; by where they begin.
    private func links(of segment: [UInt8]) -> [Link?] {
        var chain = [Link?](repeating: nil, count: segment.count)
        var (start, previous) = (0, -1)
        while start < segment.count {
            var end = start + userDefined.length(in: segment, at: start)
            let isFrozen = end > start
            if !isFrozen {
                end += 1
                while end < segment.count, UTF8.isContinuation(segment[end]) { end += 1 }
            }
            chain[start] = Link(end: end, previous: previous, next: end, isFrozen: isFrozen)
            (previous, start) = (start, end)
        }
        return chain
    }

    private func appendPieces(
        of range: Range<Int>, _ segment: [UInt8], _ halves: [Range<Int>: Int],
        _ spans: inout [(id: Int, range: Range<Int>)]
    ) {
        let id = vocabulary.id(of: segment[range]) ?? content.unknownID
        guard content.pieces[id].kind == .unused, let middle = halves[range] else {
            spans.append((content.pieces[id].kind == .byte ? content.unknownID : id, range))
            return
        }
        appendPieces(of: range.lowerBound..<middle, segment, halves, &spans)
        appendPieces(of: middle..<range.upperBound, segment, halves, &spans)
    }
}
