import AttentionMechanisms

extension CatalogueEntry {
    /// A part of composed attention, which is computed with whatever other parts the options name.
    init(
        part name: String, _ title: String, _ family: MechanismFamily, formula: String, cost: String, use: String,
        source: String
    ) {
        self.init(
            name, title, family, formula: formula, cost: cost, use: use, source: source
        ) { request in
            request.imply(name, in: family)
            let outputs = try CoreAttention.compute(request)
            try request.options.requireNamed(name, in: family)
            return outputs
        }
    }
}
