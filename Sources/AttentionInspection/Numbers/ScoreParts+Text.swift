extension ScoreParts {
    /// What each group of parts adds on either side, and the pairs of parts that matter most, as tables.
    public func text(limit: Int = 12) -> String {
        let groups = grouped()
        let (queries, keys) = (groups.querySums, groups.keySums)
        let sums = groups.parts.indices.map { place in
            [groups.parts[place].name, Double(queries[place]).fixedDecimals(3), Double(keys[place]).fixedDecimals(3)]
                .joined(separator: "\t") + "\n"
        }
        let pairs = strongest(limit).map { query, key, product in
            [parts[query].name, parts[key].name, Double(product).fixedDecimals(3)].joined(separator: "\t") + "\n"
        }
        return title + "\n\npart\tin the query\tin the key\n" + sums.joined() + "\nquery reads\tkey reads\tproduct\n"
            + pairs.joined() + "\n" + summary + "\n"
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
            ("products", "[\n" + rows.joined(separator: ",\n") + "\n  ]"),
        ]
        return "{\n" + members.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }
}
