import AttentionText

/// What a translation of a sentence must have, whatever the languages: the parts that are the same in all of them, the numbers, and no
/// more repetition and no other length than the sentence gives reason for.
struct TranslationCheck {
    /// What must come through, in order.
    let invariants: [Invariant]
    private let needed: [String: Int]
    private let numbers: [String]
    private let words: [String]
    private let length: Int

    /// What translations of this sentence, which is cleaned, are looked over for.
    init(of sentence: String) {
        invariants = Invariant.all(in: sentence)
        needed = Dictionary(invariants.map { ($0.text, 1) }, uniquingKeysWith: +)
        numbers = Self.numbers(of: sentence, without: invariants)
        words = Self.words(of: sentence)
        length = sentence.unicodeScalars.count
    }

    /// What is wrong with a translation; the less, the better.
    struct Faults: Comparable {
        /// It goes round in circles.
        var isLooping = false
        /// It is far too long or too short.
        var isDisproportionate = false
        /// How many things that must not be translated it lacks.
        var lostInvariants = 0
        /// How many numbers it lacks.
        var lostNumbers = 0

        var isNone: Bool { self == Faults() }
        private var weight: Int {
            (isLooping ? 1000 : 0) + (isDisproportionate ? 1000 : 0) + 3 * lostInvariants + lostNumbers
        }

        static func < (first: Faults, second: Faults) -> Bool { first.weight < second.weight }
    }

    /// The faults of `translation`.
    /// - Complexity: O(n · k) for k invariants.
    func faults(in translation: String) -> Faults {
        let target = Self.words(of: translation)
        let count = translation.unicodeScalars.count
        return Faults(
            isLooping: Self.repetition(of: target) > max(2, Self.repetition(of: words)),
            isDisproportionate: count > 3 * length + 40 || 3 * count + 20 < length,
            lostInvariants: needed.reduce(0) { $0 + max(0, $1.value - Self.occurrences(of: $1.key, in: translation)) },
            lostNumbers: lostNumbers(in: translation))
    }

    /// The invariants that `translation` lacks, by position.
    func lost(in translation: String) -> [Int] {
        var found = needed.keys.reduce(into: [String: Int]()) { $0[$1] = Self.occurrences(of: $1, in: translation) }
        return invariants.indices.filter { position in
            let text = invariants[position].text
            guard let left = found[text], left > 0 else { return true }
            found[text] = left - 1
            return false
        }
    }

    private func lostNumbers(in translation: String) -> Int {
        guard !numbers.isEmpty else { return 0 }
        // However the other language groups digits, their order stays.
        let digits = translation.filter { $0.isASCII && $0.isNumber }
        return numbers.count { !digits.contains($0) }
    }

    /// The digits of each number, without what groups them.
    private static func numbers(of sentence: String, without invariants: [Invariant]) -> [String] {
        var scalars = Array(sentence.unicodeScalars)
        for invariant in invariants {
            for index in invariant.range { scalars[index] = "x" }
        }
        var numbers: [String] = []
        var number = ""
        for (index, scalar) in scalars.enumerated() {
            if ("0"..."9").contains(scalar) {
                number.unicodeScalars.append(scalar)
            } else {
                let groups =
                    ".,".unicodeScalars.contains(scalar) && index + 1 < scalars.count
                    && ("0"..."9").contains(scalars[index + 1])
                if groups, !number.isEmpty { continue }
                if !number.isEmpty { numbers.append(number) }
                number = ""
            }
        }
        return number.isEmpty ? numbers : numbers + [number]
    }

    private static func words(of text: String) -> [String] { text.lowercased().split(separator: " ").map(String.init) }

    /// How often at most one to four words stand one behind the other again and again, or three words occur at all.
    private static func repetition(of words: [String]) -> Int {
        var most = 1
        for size in 1...4 {
            var run = size
            for index in words.indices.dropFirst(size) {
                run = words[index] == words[index - size] ? run + 1 : size
                most = max(most, run / size)
            }
        }
        var counts: [[String]: Int] = [:]
        for index in words.indices.dropLast(2) { counts[Array(words[index..<index + 3]), default: 0] += 1 }
        return max(most, counts.values.max() ?? 1)
    }

    static func occurrences(of part: String, in text: String) -> Int {
        let (part, text) = (Array(part.utf8), Array(text.utf8))
        guard !part.isEmpty, part.count <= text.count else { return 0 }
        var (count, index) = (0, 0)
        while index + part.count <= text.count {
            if text[index] == part[0], text[index..<index + part.count].elementsEqual(part) {
                count += 1
                index += part.count
            } else {
                index += 1
            }
        }
        return count
    }
}
