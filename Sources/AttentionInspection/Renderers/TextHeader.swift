/// The source words above the columns of a text picture.
///
/// A few words descend like stairs, each with a stem to its column, and stay readable in any script. Many words would
/// make high stairs; they stand upright, a character a line, unless a word's letters join from right to left.
struct TextHeader {
    private let words: [String]
    private let space: Int
    private let isPlain: Bool
    private let isStepped: Bool

    private static let greatestStepCount = 16
    private static let greatestHeight = 12
    private static let leastStepWidth = 12

    /// - Parameters:
    ///   - words: visible words.
    ///   - space: the terminal columns to stay within.
    ///   - isPlain: whether to draw with ASCII only.
    init(_ words: [String], space: Int, isPlain: Bool) {
        self.words = words
        self.space = space
        self.isPlain = isPlain
        isStepped = words.count <= Self.greatestStepCount || words.contains { $0.isolated != $0 }
    }

    /// The columns of each band: as few bands as the width allows, of nearly one size.
    var bands: [Range<Int>] {
        let fitting = max(1, isStepped ? (space - Self.leastStepWidth) / 2 + 1 : space / 2)
        let count = max(1, (words.count + fitting - 1) / fitting)
        return (0..<count).map { words.count * $0 / count..<words.count * ($0 + 1) / count }
    }

    /// The heading of one band, from top to bottom.
    func lines(_ columns: Range<Int>) -> [String] {
        isStepped ? steps(Array(words[columns])) : uprights(words[columns].map(upright))
    }

    private func steps(_ words: [String]) -> [String] {
        words.enumerated().map { column, word in
            let stems = String(repeating: isPlain ? "| " : "│ ", count: column)
            return stems + word.fitted(to: max(1, space - 2 * column), ellipsis: isPlain ? "~" : "…").isolated
        }
    }

    /// The characters of a word from top to bottom, each two columns wide.
    private func upright(_ word: String) -> [String] {
        var characters = word.map { character in
            let width = character.displayWidth
            return width <= 2 ? String(character) + String(repeating: " ", count: 2 - width) : "… "
        }
        if characters.count > Self.greatestHeight {
            characters = characters.prefix(Self.greatestHeight - 1) + [isPlain ? "~ " : "⋮ "]
        }
        return characters
    }

    private func uprights(_ words: [[String]]) -> [String] {
        let height = words.map(\.count).max() ?? 0
        return (0..<height).map { line in
            words.map { characters in
                let position = line - (height - characters.count)
                return position >= 0 ? characters[position] : "  "
            }.joined()
        }
    }
}
