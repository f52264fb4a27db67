extension Options {
    /// The same options with a part of attention among them: added where its group is missing altogether.
    ///
    /// `{"mechanism": "additive"}` means additive scores, though no score is named.
    func implying(_ part: String, in family: MechanismFamily) -> Options {
        guard let group = family.group, !part.isDefaultPart, !contains(group.name) else { return self }
        let named = OptionValue.fields(["kind": .text(part)])
        return adding(group.isList ? .list([named]) : named, as: group.name)
    }

    /// - Throws: `RequestError.unfitOption` if the part's group names only others: a contradiction.
    func requireNamed(_ part: String, in family: MechanismFamily) throws(RequestError) {
        guard let group = family.group, !part.isDefaultPart, let value = try value(group.name),
            !value.kinds.contains(part)
        else { return }
        throw unfit(group.name, "\(part) among what it names", value)
    }
}

extension MechanismFamily {
    /// Where options name parts of this family.
    var group: (name: String, isList: Bool)? {
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
