extension InvariantScanner {
    /// The end of an address with a scheme, or one that begins with www.
    func endOfURL(_ word: ArraySlice<Unicode.Scalar>) -> Int? {
        var index = word.startIndex
        while index < word.endIndex, index - word.startIndex < 12, word[index].isASCIILetter { index += 1 }
        let rest = word[index...]
        let isSchemed = index > word.startIndex + 1 && rest.starts(with: [":", "/", "/"]) && rest.count > 3
        let isNamed = Array(word.prefix(4)).string.lowercased() == "www." && word.count > 5
        let isMail = Array(word.prefix(7)).string.lowercased() == "mailto:" && word.count > 8
        return isSchemed || isNamed || isMail ? endWithoutMarks(word, from: word.startIndex) : nil
    }

    /// The end of somebody@example.com.
    func endOfEmail(_ word: ArraySlice<Unicode.Scalar>) -> Int? {
        var index = word.startIndex
        while index < word.endIndex, index - word.startIndex < 64,
            word[index].isWordPart || "._%+-".unicodeScalars.contains(word[index])
        {
            index += 1
        }
        guard index > word.startIndex, index < word.endIndex, word[index] == "@" else { return nil }
        let domain = endOfLabels(word, from: index + 1)
        return domain.labelCount >= 2 ? domain.end : nil
    }

    /// The end of example.com or example.com/path.
    func endOfDomain(_ word: ArraySlice<Unicode.Scalar>) -> Int? {
        let labels = endOfLabels(word, from: word.startIndex)
        guard labels.labelCount >= 2, Self.domains.contains(labels.last) else { return nil }
        let rest = word[labels.end...]
        guard let next = rest.first, next == "/" || next == ":" || next == "?" else { return labels.end }
        guard rest.dropFirst().first?.isWordPart == true || next == "/" else { return labels.end }
        return endWithoutMarks(word, from: labels.end)
    }

    /// The end of /usr/bin, ./x, ~/x, C:\x.
    func endOfPath(_ word: ArraySlice<Unicode.Scalar>) -> Int? {
        let start = word.startIndex
        let isFresh = start == 0 || text[start - 1].isWhiteSpace || text[start - 1].isOpener
        guard isFresh else { return nil }
        let head = Array(word.prefix(3))
        let isRooted = head.count > 1 && head[0] == "/" && head[1].isWordPart
        let isRelative =
            [[".", "/"], ["~", "/"], [".", "."]].contains(Array(head.prefix(2))) && head.count > 2 && head[2] != "."
        let isDrive = head.count == 3 && head[0].isASCIICapital && head[1] == ":" && head[2] == "\\"
        guard isRooted || isDrive || isRelative && word.contains("/") else { return nil }
        return endWithoutMarks(word, from: start)
    }

    /// The end of snake_case, camelCase, name(), --option, file.txt, v1.2.3, 10.0.0.1, AB-123.
    func endOfIdentifier(_ word: ArraySlice<Unicode.Scalar>) -> Int? {
        let start = word.startIndex
        var index = start
        while index < word.endIndex, index - start < 3, word[index] == "-" { index += 1 }
        let dashes = index - start
        if dashes > 0, start > 0, !text[start - 1].isWhiteSpace { return nil }
        while index < word.endIndex, index - start < 200,
            word[index].isASCIIWordPart
                || ".-/:".unicodeScalars.contains(word[index]) && index + 1 < word.endIndex
                    && word[index + 1].isASCIIWordPart
        {
            index += 1
        }
        guard index > start + dashes, index == word.endIndex || !word[index].isWordPart else { return nil }
        let isCall = word[index...].starts(with: ["(", ")"])
        let body = word[start + dashes..<index]
        if dashes == 2 || dashes == 1 && body.count == 1 && body.first?.isASCIILetter == true { return index }
        guard dashes == 0 else { return nil }
        if isCall { return index + 2 }
        return Self.isIdentifier(body) ? endOfSubscript(word, from: index) : nil
    }

    /// The end of "[0]" or "[name]" behind an identifier.
    private func endOfSubscript(_ word: ArraySlice<Unicode.Scalar>, from start: Int) -> Int {
        guard start < word.endIndex, word[start] == "[" else { return start }
        var index = start + 1
        while index < word.endIndex, index - start < 40, word[index].isASCIIWordPart { index += 1 }
        return index > start + 1 && index < word.endIndex && word[index] == "]" ? index + 1 : start
    }

    private static func isIdentifier(_ body: ArraySlice<Unicode.Scalar>) -> Bool {
        let digits = body.count(where: \.isASCIIDigit)
        let letters = body.count(where: \.isASCIILetter)
        // Numbers that are names: long ones, and telephone numbers or dates with hyphens.
        if digits == body.count { return digits >= 5 }
        if letters == 0, body.split(separator: "-").count > 2, !body.contains("/"), !body.contains(":") { return true }
        if body.contains("_") { return body.count > 1 && letters > 0 }
        let parts = body.split(separator: ".")
        if parts.count > 1, !body.contains(":") {
            if let last = parts.last, extensions.contains(Array(last).string.lowercased()) { return true }
            // A version or an address of the net; one full stop alone is a decimal.
            if letters == 0, parts.count > 2, !body.contains("/") { return true }
            if let first = parts.first, ["v", "V"].contains(first.first), first.dropFirst().allSatisfy(\.isASCIIDigit) {
                return true
            }
        }
        let isMixed = zip(body, body.dropFirst()).contains {
            !$0.isASCIICapital && $0.isASCIILetter && $1.isASCIICapital
        }
        if isMixed, !body.contains("/") { return true }
        // Letters and digits together, but for 3rd, 20km, 1990s.
        let leading = body.prefix(while: \.isASCIIDigit)
        let isMeasure =
            !leading.isEmpty && body.dropFirst(leading.count).allSatisfy { !$0.isASCIIDigit && !$0.isASCIICapital }
        return digits > 0 && letters > 0 && !isMeasure && !body.contains(":") && !body.contains("/")
    }

    /// Labels parted by full stops from `start` on: how many, the last in small letters, and where they end.
    private func endOfLabels(_ word: ArraySlice<Unicode.Scalar>, from start: Int) -> (
        labelCount: Int, last: String, end: Int
    ) {
        var (count, last, end) = (0, "", start)
        var index = start
        while index < word.endIndex, index - start < 255 {
            let labelStart = index
            while index < word.endIndex, index - labelStart < 64, word[index].isWordPart || word[index] == "-" {
                index += 1
            }
            guard index > labelStart else { break }
            (count, last, end) = (count + 1, Array(word[labelStart..<index]).string.lowercased(), index)
            guard index < word.endIndex, word[index] == "." else { break }
            index += 1
        }
        return (count, last, end)
    }

    /// The end of the word without the marks of the sentence around it, a bracket that is not opened inside among them.
    private func endWithoutMarks(_ word: ArraySlice<Unicode.Scalar>, from start: Int) -> Int {
        var end = word.endIndex
        while end > start {
            switch word[end - 1] {
            case ".", ",", ";", ":", "!", "?", "'", "\u{2019}", "\u{2026}", "*", "\u{3002}": end -= 1
            case ")":
                if word[..<end].count(where: { $0 == "(" }) < word[..<end].count(where: { $0 == ")" }) {
                    end -= 1
                } else {
                    return end
                }
            case "]": if word[..<end].contains("[") { return end } else { end -= 1 }
            case "}": if word[..<end].contains("{") { return end } else { end -= 1 }
            default: return end
            }
        }
        return end
    }

    private static let domains: Set = [
        "com", "org", "net", "io", "dev", "fr", "de", "es", "uk", "edu", "gov", "ca", "jp", "eu", "info", "app", "ai",
        "ch", "us", "tv",
        "biz", "mil", "ru", "cn", "nl", "se", "pl", "br", "au",
    ]

    private static let extensions: Set = [
        "txt", "pdf", "doc", "docx", "xls", "xlsx", "csv", "tsv", "json", "jsonl", "xml", "html", "htm", "css", "js",
        "ts", "jsx", "tsx", "py",
        "rb", "pl", "php", "swift", "rs", "go", "java", "kt", "scala", "c", "h", "cpp", "hpp", "cc", "md", "rst", "tex",
        "png", "jpg", "jpeg",
        "gif", "svg", "bmp", "webp", "ico", "mp3", "mp4", "wav", "ogg", "avi", "mov", "mkv", "zip", "tar", "gz", "bz2",
        "xz", "tgz", "rar",
        "7z", "log", "yaml", "yml", "toml", "ini", "cfg", "conf", "sh", "bat", "ps1", "exe", "dll", "so", "dylib",
        "sql", "db", "sqlite", "bak",
        "tmp", "odt", "ods", "ppt", "pptx", "key", "epub", "iso", "dmg", "deb", "rpm", "apk", "jar", "lock", "env",
        "ipynb", "safetensors",
    ]
}
