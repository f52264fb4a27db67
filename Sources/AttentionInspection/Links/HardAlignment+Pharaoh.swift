extension HardAlignment {
    /// Pharaoh form, as fast_align and Moses write it: `source-target` for each link, sorted, separated by spaces.
    public var pharaoh: String {
        links.sorted().map(\.description).joined(separator: " ")
    }

    /// Reads Pharaoh form: links `i-j` in any order, separated by spaces or tabs. An empty line has no links.
    ///
    /// - Throws: `AlignmentError.badLink` at the first link that is not two indices from 0 joined by one hyphen.
    public init(pharaoh text: String) throws(AlignmentError) {
        links = try Set(parseLinks(text, joints: "-", firstIndex: 0).map(\.link))
    }
}

/// Reads links with the character that joins their indices.
///
/// - Parameters:
///   - text: links separated by white space.
///   - joints: the characters that may join two indices.
///   - firstIndex: the index of the first word; links are counted from 0 whatever it is.
func parseLinks(
    _ text: String, joints: String, firstIndex: Int
) throws(AlignmentError) -> [(link: Link, joint: Character)] {
    var links: [(link: Link, joint: Character)] = []
    for (position, field) in text.split(whereSeparator: \.isWhitespace).enumerated() {
        guard let middle = field.firstIndex(where: joints.contains),
            let source = wordIndex(field[..<middle]), source >= firstIndex,
            let target = wordIndex(field[field.index(after: middle)...]), target >= firstIndex
        else { throw .badLink(String(field.prefix(40)), position: position, firstIndex: firstIndex) }
        links.append((Link(source: source - firstIndex, target: target - firstIndex), field[middle]))
    }
    return links
}

/// Digits only: `Int` alone would also read `+1`.
private func wordIndex(_ digits: Substring) -> Int? {
    digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(digits) : nil
}
