extension Options {
    /// The same options with a part of attention among them: added where its group is missing altogether.
    ///
    /// `{"mechanism": "additive"}` means additive scores, though no score is named; with another score it would be a contradiction.
    /// - Throws: `CatalogueError.unfitOption` if the group names only others.
    func naming(_ part: String, in family: MechanismFamily) throws(CatalogueError) -> Options {
        let named = OptionValue.fields(["kind": .text(part)])
        switch family {
        case .score: return try naming(part, as: "score", isDefault: part == "scaled_dot", missing: named)
        case .normalizer: return try naming(part, as: "normalizer", isDefault: part == "softmax", missing: named)
        case .modifier: return try naming(part, as: "modifiers", isDefault: false, missing: .list([named]))
        case .scope: return try naming(part, as: "scopes", isDefault: part == "global", missing: .list([named]))
        default: return self
        }
    }

    private func naming(
        _ part: String, as group: String, isDefault: Bool, missing: OptionValue
    ) throws(CatalogueError) -> Options {
        guard let value = value(group) else { return isDefault ? self : adding(missing, as: group) }
        guard isDefault || value.kinds.contains(part) else {
            throw .unfitOption(
                "\(group) of \(owner)", expected: "\(part) among what it names", found: "\(value)")
        }
        return self
    }
}

extension OptionValue {
    /// The `kind` of a table, or those of a list of tables.
    fileprivate var kinds: [String] {
        switch self {
        case .fields(let fields): if case .text(let kind) = fields["kind"] { [kind] } else { [] }
        case .list(let list): list.flatMap(\.kinds)
        default: []
        }
    }
}
