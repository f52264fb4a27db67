extension Faithfulness {
    /// Verdicts, agreements and the heads that matter most, for a terminal.
    public func text(headLimit: Int = 10) -> String {
        var lines = lines + ["", "measure\tKendall τ\tSpearman ρ"]
        lines += agreements.map { agreement in
            ([agreement.method.rawValue] + [agreement.kendall, agreement.spearman].map { $0?.fixedText ?? "–" })
                .joined(separator: "\t")
        }
        if !heads.isEmpty {
            let isAsked = heads.contains { $0.weight != nil }
            lines += ["", "left out\tchange" + (isAsked ? "\tweight" : "")]
            lines += heads.prefix(headLimit).map { head in
                head.head + "\t" + head.effect.effectText + (head.weight.map { "\t" + $0.fixedText } ?? "")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Everything as JSON, with a final newline.
    public var json: String {
        func number(_ value: Double?) -> String { value.map { $0.significantDigits(6) } ?? "null" }
        func matrix(_ matrix: AlignmentMatrix) -> String {
            jsonArray(matrix.weights) { jsonArray($0) { Double($0).significantDigits(6) } }
        }
        let measures = agreements.map { agreement in
            "{\"method\": \(jsonText(agreement.method.rawValue)), \"kendall\": \(number(agreement.kendall)), "
                + "\"spearman\": \(number(agreement.spearman)), "
                + "\"importances\": \(importances[agreement.method].map(matrix) ?? "null")}"
        }
        let effects = heads.map { head in
            "{\"head\": \(jsonText(head.head)), \"effect\": \(number(head.effect)), \"weight\": \(number(head.weight))}"
        }
        let members = [
            ("name", jsonText(attention.name)), ("degree", jsonText(degree.rawValue)), ("verdict", jsonText(verdict)),
            ("headVerdict", headVerdict.map { jsonText($0) } ?? "null"),
            ("source", jsonArray(attention.source) { jsonText($0) }),
            ("target", jsonArray(attention.target) { jsonText($0) }), ("attention", matrix(attention)),
            ("agreementOfMeasures", number(ceiling)),
            ("measures", "[\n    " + measures.joined(separator: ",\n    ") + "\n  ]"),
            ("heads", "[\n    " + effects.joined(separator: ",\n    ") + "\n  ]"),
        ]
        return "{\n" + members.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }
}

extension Figure {
    /// The same picture with lines of text under it.
    public func captioned(_ lines: [String]) -> Figure {
        let limit = max(40, Int(max(width, 480) / 7.5))
        let wrapped = lines.flatMap { $0.visible.wrapped(at: limit) }
        let widest = wrapped.map(SVGDocument.textWidth).max() ?? 0
        let labels = wrapped.enumerated().map { place, line in
            Shape.text(Label(text: line, x: 16, y: height + 20 * Double(place) + 8))
        }
        return Figure(
            title: title, width: max(width, widest + 32), height: height + 20 * Double(wrapped.count) + 8,
            shapes: shapes + labels)
    }
}

extension String {
    /// Lines of at most so many characters, parted at blanks.
    fileprivate func wrapped(at limit: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= limit {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
