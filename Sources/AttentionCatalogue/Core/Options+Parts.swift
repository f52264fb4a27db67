import AttentionMechanisms

extension Options {
    /// The same options with a part of attention among them: added where its group is missing altogether.
    ///
    /// `{"mechanism": "additive"}` means additive scores, though no score is named.
    func implying(_ part: String, in family: MechanismFamily) -> Options {
        guard let group = family.group, !part.isDefaultPart, value(group.name) == nil else { return self }
        let named = OptionValue.fields(["kind": .text(part)])
        return adding(group.isList ? .list([named]) : named, as: group.name)
    }

    /// - Throws: `CatalogueError.unfitOption` if the part's group names only others: a contradiction.
    func requireNamed(_ part: String, in family: MechanismFamily) throws(CatalogueError) {
        guard let group = family.group, let value = value(group.name), !value.kinds.contains(part),
            !part.isDefaultPart
        else { return }
        throw .unfitOption("\(group.name) of \(owner)", expected: "\(part) among what it names", found: "\(value)")
    }
}

extension MechanismFamily {
    /// Where options name parts of this family.
    fileprivate var group: (name: String, isList: Bool)? {
        switch self {
        case .score: ("score", false)
        case .modifier: ("modifiers", true)
        case .scope: ("scopes", true)
        case .normalizer: ("normalizer", false)
        default: nil
        }
    }
}

extension String {
    /// Whether this part is what attention is made of where nothing is said.
    fileprivate var isDefaultPart: Bool { self == "scaled_dot" || self == "softmax" }
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
