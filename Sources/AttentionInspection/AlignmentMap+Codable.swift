extension AlignmentMap: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, source, target, weights, layerNames, headNames, chosen
    }

    /// Decodes a map with the checks of its initializer.
    ///
    /// - Throws: `DecodingError`; where the parts do not fit each other its underlying error is the `AlignmentError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .name)
        let source = try container.decode([String].self, forKey: .source)
        let target = try container.decode([String].self, forKey: .target)
        let weights = try container.decode([[[[Float]]]].self, forKey: .weights)
        let layerNames = try container.decodeIfPresent([String].self, forKey: .layerNames)
        let headNames = try container.decodeIfPresent([String].self, forKey: .headNames)
        let chosen = try container.decodeIfPresent(HeadIndex.self, forKey: .chosen)
        do throws(AlignmentError) {
            try self.init(
                name: name, source: source, target: target, weights: weights,
                layerNames: layerNames, headNames: headNames, chosen: chosen)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: container.codingPath, debugDescription: error.description, underlyingError: error))
        }
    }

    /// Encodes the keys of the contract, those of optional parts only where they are present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(source, forKey: .source)
        try container.encode(target, forKey: .target)
        try container.encode(weights, forKey: .weights)
        try container.encodeIfPresent(layerNames, forKey: .layerNames)
        try container.encodeIfPresent(headNames, forKey: .headNames)
        try container.encodeIfPresent(chosen, forKey: .chosen)
    }
}
