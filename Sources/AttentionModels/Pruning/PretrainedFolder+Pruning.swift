package import AttentionFiles

extension PretrainedFolder {
    /// What `config.json` says otherwise of an encoder of this folder that has been pruned: as transformers 4 says it.
    /// - Throws: `PretrainedError.wrongTask` if the family has no way to say it.
    package func members(of plan: PruningPlan) throws -> [JSONMember] {
        guard let form = try encoderFamily().prunedForm else {
            throw PretrainedError.wrongTask(
                needed: "a BERT, RoBERTa, ELECTRA or DistilBERT, whose heads can go", found: architecture, folder: path)
        }
        let prefix = "encoder.layers."
        let suffix = ".self_attention"
        func number(_ layer: String) -> String { String(layer.dropFirst(prefix.count).dropLast(suffix.count)) }
        var before: [String: [Int]] = [:]
        for (layer, heads) in try removedHeads() { before[prefix + "\(layer)" + suffix] = heads }
        let headCount = try reportingConfiguration { try fields.size(fields.present("num_attention_heads", "n_heads")) }
        let removed = plan.removed(before: before, headCount: headCount).sorted { $0.key < $1.key }
        var members: [JSONMember] = []
        if !removed.isEmpty {
            let layers = removed.map { path, heads in
                JSONMember(number(path), .array(heads.map { .number(JSONNumber($0)) }))
            }
            members.append(JSONMember("pruned_heads", .object(layers)))
        }
        if let count = plan.unitCount { members.append(JSONMember(form.feedForwardSize, .number(JSONNumber(count)))) }
        return members
    }

    /// The heads that are gone from each layer of this folder's encoder, in the numbers that they had when it was whole; none where the family does not read
    /// what `config.json` says of them.
    /// - Throws: `ConfigurationError` if `config.json` names no layers and heads there.
    package func removedHeads() throws -> [Int: [Int]] {
        guard family is any PostNormFamily.Type else { return [:] }
        let layers = try fields.part("pruned_heads")
        var removed: [Int: [Int]] = [:]
        for name in layers?.names ?? [] {
            guard let layer = Int(name) else {
                throw ConfigurationError("pruned_heads", expected: "layers by their numbers", found: name)
            }
            removed[layer] = try layers?.integers(name)
        }
        return removed
    }
}
