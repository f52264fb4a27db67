import Glibc

/// A string as Python has it, a row of scalars, and what its methods do.
struct PythonText {
    var scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }
    init(_ scalars: some Sequence<Unicode.Scalar>) { self.scalars = Array(scalars) }

    var string: String { String(scalars[...]) }

    /// Where another text begins, from a place on.
    func find(_ other: PythonText, from start: Int = 0) -> Int? {
        let (count, sought) = (scalars.count, other.scalars)
        guard start + sought.count <= count else { return nil }
        guard let first = sought.first else { return start }
        for place in start...count - sought.count
        where scalars[place] == first && scalars[place..<place + sought.count].elementsEqual(sought) {
            return place
        }
        return nil
    }

    /// Without these scalars, or white space, at its sides.
    func stripped(_ characters: String? = nil, left: Bool = true, right: Bool = true) -> PythonText {
        let set = characters.map { Set($0.unicodeScalars) }
        func isDropped(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? scalar.isPythonSpace }
        var (start, end) = (0, scalars.count)
        while left, start < end, isDropped(scalars[start]) { start += 1 }
        while right, end > start, isDropped(scalars[end - 1]) { end -= 1 }
        return PythonText(scalars[start..<end])
    }

    /// The parts between separators, at most `limit` cuts being made; between runs of white space if none is given.
    func split(_ separator: String?, limit: Int?) -> [PythonText] {
        guard let separator else { return words(limit) }
        let sought = PythonText(separator)
        var (parts, start): ([PythonText], Int) = ([], 0)
        while limit.map({ parts.count < $0 }) ?? true, let place = find(sought, from: start) {
            parts.append(PythonText(scalars[start..<place]))
            start = place + sought.scalars.count
        }
        return parts + [PythonText(scalars[start...])]
    }

    /// The same from the right.
    func splitFromRight(_ separator: String?, limit: Int?) -> [PythonText] {
        let mirrored = PythonText(scalars.reversed())
        let separator = separator.map { PythonText($0.unicodeScalars.reversed()).string }
        return mirrored.split(separator, limit: limit).reversed().map { PythonText($0.scalars.reversed()) }
    }

    private func words(_ limit: Int?) -> [PythonText] {
        var (parts, place): ([PythonText], Int) = ([], 0)
        while true {
            while place < scalars.count, scalars[place].isPythonSpace { place += 1 }
            guard place < scalars.count else { return parts }
            if let limit, parts.count == limit {
                return parts + [PythonText(scalars[place...]).stripped(left: false)]
            }
            let start = place
            while place < scalars.count, !scalars[place].isPythonSpace { place += 1 }
            parts.append(PythonText(scalars[start..<place]))
        }
    }

    /// The lines, their ends left out.
    var lines: [PythonText] {
        let ends: Set<Unicode.Scalar> = [
            "\n", "\r", "\u{B}", "\u{C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}",
        ]
        var (lines, start, place): ([PythonText], Int, Int) = ([], 0, 0)
        while place < scalars.count {
            if ends.contains(scalars[place]) {
                lines.append(PythonText(scalars[start..<place]))
                if scalars[place] == "\r", place + 1 < scalars.count, scalars[place + 1] == "\n" { place += 1 }
                start = place + 1
            }
            place += 1
        }
        return start < scalars.count ? lines + [PythonText(scalars[start...])] : lines
    }

    /// With one text put for another, at most `limit` times.
    func replacing(_ old: String, _ new: String, limit: Int?) -> String {
        guard old.isEmpty else {
            return split(old, limit: limit).map(\.string).joined(separator: new)
        }
        var (result, count) = ("", 0)
        for scalar in scalars {
            if limit.map({ count < $0 }) ?? true { result += new }
            count += 1
            result.unicodeScalars.append(scalar)
        }
        return limit.map({ count < $0 }) ?? true ? result + new : result
    }

    /// Every letter behind a letter small, every other one capital.
    var titled: String {
        var (result, isInWord) = ("", false)
        for scalar in scalars {
            result += isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            isInWord = scalar.properties.isCased
        }
        return result
    }

    /// All letters small; a sigma that ends a word is the final one.
    var lowercased: String {
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            let isFinal =
                scalar == "Σ" && index > 0 && scalars[index - 1].properties.isCased
                && !(index + 1 < scalars.count && scalars[index + 1].properties.isCased)
            result += isFinal ? "ς" : scalar.properties.lowercaseMapping
        }
        return result
    }

    /// The first letter capital, the others small.
    var capitalized: String {
        guard let first = scalars.first else { return "" }
        return first.properties.titlecaseMapping + String(scalars.dropFirst()).lowercased()
    }

    /// With so many digits behind the point.
    static func fixed(_ value: Double, digits: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        let count = withVaList([Int32(min(max(digits, 0), 50)), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
        return String(decoding: buffer.prefix(Int(max(0, count))).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
