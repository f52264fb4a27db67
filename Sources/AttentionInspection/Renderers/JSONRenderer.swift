/// Writes a map in its JSON form, the same bytes for the same map: keys in the order of `AlignmentMap`, one a line,
/// weights with at most six significant digits. `JSONDecoder` reads it back.
///
/// Characters that could end or break a script element (`<`, `>`, `&`, U+2028, U+2029) are written as escapes, so the
/// text may stand inside a page as it is.
public struct JSONRenderer: Sendable {
    /// A renderer; there is nothing to choose.
    public init() {}

    /// The map as JSON text, with a final newline.
    public func render(_ map: AlignmentMap) -> String {
        var members = [
            ("name", jsonText(map.name)),
            ("source", json(map.source)),
            ("target", json(map.target)),
            ("weights", jsonArray(map.weights) { jsonArray($0) { jsonArray($0) { jsonArray($0, json) } } }),
        ]
        if let names = map.layerNames { members.append(("layerNames", json(names))) }
        if let names = map.headNames { members.append(("headNames", json(names))) }
        if let chosen = map.chosen {
            members.append(("chosen", "{\"layer\": \(chosen.layer), \"head\": \(chosen.head)}"))
        }
        return "{\n" + members.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }
}

/// A list as JSON.
func jsonArray<Element>(_ elements: [Element], _ json: (Element) -> String) -> String {
    "[" + elements.map(json).joined(separator: ",") + "]"
}

private func json(_ weight: Float) -> String { Double(weight).significantDigits(6) }

private func json(_ texts: [String]) -> String { "[" + texts.map { jsonText($0) }.joined(separator: ", ") + "]" }

/// A text as JSON that may stand inside a page.
func jsonText(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\u{00}"..."\u{1F}", "<", ">", "&", "\u{7F}", "\u{2028}", "\u{2029}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
