import AttentionDecoding
import AttentionText

/// Text that comes token by token: hands on what no later token can change.
///
/// A token may be a part of a character, and white space may belong to the word behind it; so a few tokens are decoded together, and what they
/// say beyond the ones before is new. What may become a stop word waits until it is certain.
struct TextPieces {
    private let tokenizer: Tokenizer
    private let stopWords: [String]
    private var tokens: [Int] = []
    /// Where the tokens begin that are decoded together, and where those end whose text was handed on.
    private var (context, read) = (0, 0)
    /// Text that may be the beginning of a stop word.
    private var waiting = ""
    private var isStopped = false
    /// How many bytes of text the tokens make so far, those of a stop word included.
    private(set) var byteCount = 0

    init(_ tokenizer: Tokenizer, stopWords: [String]) { (self.tokenizer, self.stopWords) = (tokenizer, stopWords) }

    /// What is certain with one token more.
    mutating func add(_ token: Int) -> String {
        tokens.append(token)
        let known = tokenizer.decode(Array(tokens[context..<read]))
        let all = tokenizer.decode(Array(tokens[context...]))
        // A replacement character stands for bytes that are not a character yet.
        guard all.unicodeScalars.count > known.unicodeScalars.count, all.unicodeScalars.last != "\u{FFFD}" else {
            return ""
        }
        (context, read) = (read, tokens.count)
        let new = String(all.unicodeScalars.dropFirst(known.unicodeScalars.count))
        byteCount += new.utf8.count
        return certain(new)
    }

    /// What has waited when nothing follows any more.
    mutating func rest() -> String {
        guard !isStopped else { return "" }
        let known = tokenizer.decode(Array(tokens[context..<read]))
        let all = tokenizer.decode(Array(tokens[context...]))
        let text = waiting + String(all.unicodeScalars.dropFirst(known.unicodeScalars.count))
        waiting = ""
        return text.cut(before: stopWords)
    }

    private mutating func certain(_ new: String) -> String {
        guard !stopWords.isEmpty else { return new }
        guard !isStopped else { return "" }
        let text = waiting + new
        let cut = text.cut(before: stopWords)
        if cut.utf8.count < text.utf8.count {
            (isStopped, waiting) = (true, "")
            return cut
        }
        let held =
            stopWords.map { word in
                (1..<max(1, word.count)).last { text.hasSuffix(word.prefix($0)) } ?? 0
            }.max() ?? 0
        waiting = String(text.suffix(held))
        return String(text.dropLast(held))
    }
}

/// Words behind which nothing is to follow.
struct StopWords: StoppingRule {
    private let words: [String]
    private let tokenizer: Tokenizer
    /// Whatever ends with such a word shows it within so many tokens.
    private let reach: Int

    init(_ words: [String], tokenizer: Tokenizer) {
        (self.words, self.tokenizer) = (words, tokenizer)
        reach = (words.map(\.utf8.count).max() ?? 0) + 4
    }

    func stops(behind tokens: [Int]) -> Bool {
        let text = tokenizer.decode(Array(tokens.suffix(reach)))
        return text.cut(before: words).utf8.count < text.utf8.count
    }
}

extension String {
    /// What stands before the first of these words.
    func cut(before words: [String]) -> String {
        words.compactMap { word in firstRange(of: word)?.lowerBound }.min().map { String(self[..<$0]) } ?? self
    }
}
