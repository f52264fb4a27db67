public import AttentionModels
import AttentionTensors
import AttentionText

/// Which words of a text are what: names of people, places, parts of speech.
///
/// ```swift
/// let tagger = try TokenClassifier(path: "names")
/// for entity in try tagger.tag("Ada met Babbage in London.") { print(entity.text, entity.label) }
/// ```
public struct TokenClassifier: HeadedModel {
    private let text: TextModel
    /// The heads that can be left out.
    public var heads: HeadCounts { text.model.heads }
    /// What the classes are called.
    public let labels: [String]

    /// A stretch of text of one class.
    public struct Entity: Sendable, Hashable {
        /// The class, without the `B-` or `I-` that marks beginnings.
        public let label: String
        /// The mean probability of its pieces.
        public let score: Float
        /// What it says.
        public let text: String
        /// Where it stands, in Unicode scalars of the text.
        public let range: Range<Int>
    }

    /// Opens a folder.
    /// - Parameter adapters: a folder of adapters that are made part of the model's weights; nil for none.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String, adapters: String? = nil) throws {
        text = try TextModel(path: path, task: .tokens, adapters: adapters)
        guard case .tokens(let head) = text.model.head else {
            throw PretrainedError.wrongTask(needed: EncoderTask.tokens.description, found: "another", folder: path)
        }
        labels = head.labels
    }

    /// The stretches of each text that are of a class other than `O`, neighbouring pieces of one class together.
    /// - Throws: `CancellationError` if the task was cancelled.
    public func tag(_ texts: [String]) throws -> [[Entity]] {
        var run = TaskRun()
        return try tag(texts, in: &run)
    }

    /// The same in a run that says more of it.
    /// - Throws: as above; `PretrainedError` if a text is too long for the run, or there is no head that it asks for.
    public func tag(_ texts: [String], in run: inout TaskRun) throws -> [[Entity]] {
        guard case .tokens(let head) = text.model.head else { return [] }
        let encodings = try text.encode(texts.map { EncodingInput($0) }, in: &run)
        let found = try text.map(encodings, in: &run) { batch, encodings, states -> [[TaggedPiece]] in
            let shares = try head(states).softmax()
            let (values, count) = (shares.values, labels.count)
            return encodings.enumerated().map { row, encoding in
                zip(encoding.specialTokensMask, encoding.offsets).enumerated().compactMap {
                    place, piece -> TaggedPiece? in
                    let (isSpecial, range) = piece
                    guard !isSpecial else { return nil }
                    let start = (row * batch.length + place) * count
                    let scores = values[start..<start + count]
                    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
                    return TaggedPiece(label: labels[best - start], score: scores[best], range: range)
                }
            }
        }
        return zip(texts, found).map { text, pieces in entities(pieces, in: Array(text.unicodeScalars)) }
    }

    /// The stretches of one text.
    /// - Throws: as for several.
    public func tag(_ text: String) throws -> [Entity] { try tag([text])[0] }

    private func entities(_ pieces: [TaggedPiece], in scalars: [Unicode.Scalar]) -> [Entity] {
        var groups: [[TaggedPiece]] = []
        for piece in pieces where piece.label != "O" {
            if let last = groups.last?.last, piece.continues(last) {
                groups[groups.count - 1].append(piece)
            } else {
                groups.append([piece])
            }
        }
        return groups.map { group in
            let range =
                group[0].range.lowerBound..<max(group[0].range.lowerBound, group[group.count - 1].range.upperBound)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range.clamped(to: 0..<scalars.count)])
            return Entity(
                label: group[0].kind, score: group.reduce(0) { $0 + $1.score } / Float(group.count),
                text: String(view), range: range)
        }
    }
}

/// A piece of text and its likeliest class.
private struct TaggedPiece {
    let label: String
    let score: Float
    let range: Range<Int>

    /// The class without what marks beginnings.
    var kind: String { label.hasPrefix("B-") || label.hasPrefix("I-") ? String(label.dropFirst(2)) : label }

    /// Whether this goes on with what the piece before it began: nothing but a space between, and no beginning.
    func continues(_ last: TaggedPiece) -> Bool {
        kind == last.kind && !label.hasPrefix("B-") && range.lowerBound <= last.range.upperBound + 1
    }
}
