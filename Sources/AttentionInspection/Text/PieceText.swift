extension String {
    /// What stands for a space before a piece, where pieces are shown one by one: otherwise nobody could tell where a word begins.
    package static let visibleSpace = "␣"

    /// What the bytes of a piece spell; those that are no whole character stand as numbers, such as ‹E2 80›.
    package init(pieceBytes bytes: some Sequence<UInt8>) {
        var (result, broken, rest) = ("", [UInt8](), Array(bytes)[...])
        func numbers() -> String {
            guard !broken.isEmpty else { return "" }
            let digits = broken.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
            return "‹" + digits.joined(separator: " ") + "›"
        }
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if let character = String(validating: rest.prefix(length), as: UTF8.self) {
                result += numbers() + character
                broken = []
                rest = rest.dropFirst(length)
            } else {
                broken.append(first)
                rest = rest.dropFirst()
            }
        }
        self = result + numbers()
    }

    /// The text without white space at both ends.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

extension [String] {
    /// Where a word stands among labels; whoever asks for it need not say that a space stands before it, and may write it as it is seen, such as
    /// ␊ for the end of a line.
    package func places(ofLabel word: String) -> [Int] {
        indices.filter { self[$0] == word || self[$0] == String.visibleSpace + word || self[$0].visible == word }
    }
}

/// What is seen of a piece, by the text that it stands for.
struct PieceText {
    /// Without white space around it; of white space alone, something that can be seen.
    let label: String
    /// Whether a space, not the beginning or the end of a line, stands before it.
    let followsSpace: Bool

    /// - Parameter before: what stands before that text, where it is known.
    init(_ text: String, behind before: Unicode.Scalar? = nil) {
        let core = text.trimmed
        label = core.isEmpty ? String(text.map { $0 == " " ? Character(String.visibleSpace) : $0 }) : core
        let first = text.unicodeScalars.first
        let space = first.map(\.properties.isWhitespace) == true ? first : before
        followsSpace = !core.isEmpty && space.map(\.isSpace) == true
    }
}

extension Unicode.Scalar {
    /// White space within a line.
    fileprivate var isSpace: Bool {
        switch value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: false
        default: properties.isWhitespace
        }
    }
}
