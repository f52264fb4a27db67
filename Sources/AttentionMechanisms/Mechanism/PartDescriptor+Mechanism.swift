extension PartDescriptor {
    /// The part as a mechanism: attention composed of it and of whatever other parts the options name.
    var mechanism: MechanismDescriptor {
        MechanismDescriptor(
            name, title, family, formula: formula, cost: cost, use: use, source: source, options: options,
            accepting: CoreAttention.options + (aside?.options ?? []), example: example.composed(name, family)
        ) { request in
            if let aside, aside.isAskedFor(by: request) { return try aside.compute(request) }
            var request = request
            request.options = request.options.implying(name, in: family)
            let outputs = try CoreAttention.compute(request)
            try request.options.requireNamed(name, in: family)
            return outputs
        }
    }
}

extension PartExample {
    /// The example as attention with the part of this name.
    func composed(_ name: String, _ family: MechanismFamily) -> Example {
        let part = OptionValue.fields(options.merging(["kind": .text(name)]) { $1 })
        let group = family.group.map { [$0.name: $0.isList ? .list([part]) : part] } ?? [:]
        return Example(others + group) { try $0.headed() + (try tensors($0)) }
    }
}
