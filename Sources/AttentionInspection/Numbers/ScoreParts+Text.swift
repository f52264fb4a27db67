extension ScoreParts {
    /// What each group of parts adds on either side, and the pairs of parts that matter most, as tables.
    public func text(limit: Int = 12) -> String {
        let groups = grouped()
        let pairs = strongest(limit).map { query, key, product in
            [parts[query].name, keyParts[key].name, Double(product).fixedDecimals(3)].joined(separator: "\t") + "\n"
        }
        return title + groups.sums + "\nquery reads\tkey reads\tproduct\n"
            + pairs.joined() + "\n" + summary + "\n"
    }

    /// What each part adds on either side: one table where a text looks at itself, else one for either.
    private var sums: String {
        func number(_ value: Float) -> String { Double(value).fixedDecimals(3) }
        func table(_ heading: String, _ rows: some Sequence<[String]>) -> String {
            "\n\npart\t\(heading)\n" + rows.map { $0.joined(separator: "\t") + "\n" }.joined()
        }
        let (queries, keys) = (querySums.map(number), keySums.map(number))
        if parts == keyParts {
            return table("in the query\tin the key", parts.indices.map { [parts[$0].name, queries[$0], keys[$0]] })
        }
        return String(table("in the query", parts.indices.map { [parts[$0].name, queries[$0]] }).dropLast())
            + table("in the key", keyParts.indices.map { [keyParts[$0].name, keys[$0]] })
    }

    /// The score and what came of it.
    var summary: String {
        "score \(Double(score).decimals(3)), the sum of all products; weight \(Double(weight).decimals(3))"
    }

    /// Everything as JSON, heads and layers counted from 1, with a final newline.
    public var json: String {
        func number(_ value: Float) -> String { Double(value).significantDigits(6) }
        let rows = products.map { "    " + jsonArray($0, number) }
        let members = [
            ("title", jsonText(title)), ("kind", jsonText(kind.rawValue)), ("layer", "\(head.layer + 1)"),
            ("head", "\(head.head + 1)"), ("score", number(score)), ("weight", number(weight)),
            ("parts", jsonArray(parts) { jsonText($0.name) }), ("groups", jsonArray(parts) { jsonText($0.group) }),
            ("keyParts", jsonArray(keyParts) { jsonText($0.name) }),
            ("keyGroups", jsonArray(keyParts) { jsonText($0.group) }),
            ("products", "[\n" + rows.joined(separator: ",\n") + "\n  ]"),
        ]
        return "{\n" + members.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }
}
