extension Request {
    /// A part of the kind that an option names, or that is its default.
    func part<Part>(
        _ option: String, among known: [PartDescriptor<Part>], of family: MechanismFamily
    ) throws -> Part {
        guard let value = try options.value(option) else {
            throw RequestError.missingOption(option, mechanism: name)
        }
        guard case .fields(let fields) = value else { throw options.unfit(option, "a table", value) }
        return try part(fields, among: known, option, family)
    }

    /// The parts that an option lists.
    func parts<Part>(
        _ option: String, among known: [PartDescriptor<Part>], of family: MechanismFamily
    ) throws -> [Part] {
        guard let value = try options.value(option) else { return [] }
        guard case .list(let list) = value else { throw options.unfit(option, "a list of tables", value) }
        return try list.map { element in
            guard case .fields(let fields) = element else { throw options.unfit(option, "a list of tables", value) }
            return try part(fields, among: known, option, family)
        }
    }

    private func part<Part>(
        _ fields: [String: OptionValue], among known: [PartDescriptor<Part>], _ option: String,
        _ family: MechanismFamily
    ) throws -> Part {
        guard case .text(let kind)? = fields["kind"] else {
            throw fields["kind"].map {
                RequestError.unfitOption("kind of \(option)", expected: "a text", found: "\($0)")
            }
                ?? RequestError.missingOption("kind", mechanism: option)
        }
        let part = try known.part(named: kind, family)
        var request = self
        request.options = try Options(
            fields.filter { $0.key != "kind" }, of: kind, declared: part.options)
        return try part.make(request)
    }
}

extension Array {
    /// The part of this name.
    /// - Throws: `RequestError.unknown`, with the nearest known name.
    package func part<Part>(
        named name: String, _ family: MechanismFamily
    ) throws(RequestError) -> PartDescriptor<Part> where Element == PartDescriptor<Part> {
        guard let part = first(where: { $0.name == name }) else {
            throw .unknown(kind: "\(family)", name: name, known: map(\.name).sorted())
        }
        return part
    }
}
