import AttentionFiles
import AttentionLayers
import AttentionTensors

/// How the angles of rotary positions are stretched where texts are longer than those of training.
public enum RotaryStretch: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case none
    /// All by the same factor. *Source:* Chen et al. 2023, *Position Interpolation*, eq. 4.
    case linear
    /// By a larger base, as the length asks for. *Source:* Peng et al. 2023, *YaRN*, sec. 3.1 (NTK-aware).
    case ntk
    /// Slow ones by the factor, fast ones not at all. *Source:* Peng et al. 2023, *YaRN*, sec. 3.2–3.4.
    case yarn

    /// What configurations say of it, for a text so many times as long as those of training; nil for nothing.
    fileprivate func parameters(_ factor: Double, trained: Int) -> [JSONMember]? {
        func said(_ type: JSONValue, _ factor: Double) -> [JSONMember] {
            [
                JSONMember("rope_type", type), JSONMember("factor", .number(JSONNumber(factor))),
                JSONMember("original_max_position_embeddings", .number(JSONNumber(trained))),
            ]
        }
        return switch self {
        case .none: nil
        case .linear: said("linear", factor)
        // The base of dynamic scaling follows the length itself; a factor would stretch it more.
        case .ntk: said("dynamic", 1)
        case .yarn: said("yarn", factor)
        }
    }
}

extension PretrainedFolder {
    /// The language model of the folder, for texts of so many tokens, be they longer than those it was trained on: sinusoids go on, rotary positions are stretched as asked
    /// for, and what counts distances goes on counting. Learned positions end where they end.
    ///
    /// - Throws: `PretrainedError.wrongTask` if there is no language model; `PretrainedError.badConfiguration` if there are no rotary positions to be stretched, or they
    ///   are scaled already; else as `model()`.
    public func languageModel(reading length: Int, stretching stretch: RotaryStretch = .none) throws
        -> CausalLanguageModel
    {
        guard let family = family.languageModels, architecture != family.architectures[0] else {
            throw PretrainedError.wrongTask(needed: "a language model", found: architecture, folder: path)
        }
        return try reportingConfiguration {
            var model = try family.languageModel(fields, checkpoint)
            guard let trained = model.lengthLimit, length > trained else { return model }
            if let parameters = stretch.parameters(Double(length) / Double(trained), trained: trained) {
                guard family.turnsPositions else {
                    throw ConfigurationError(
                        "model_type", expected: "that of a model with rotary positions", found: architecture)
                }
                model = try family.languageModel(fields.stretched(parameters), checkpoint)
            }
            return try model.reading(length)
        }
    }
}

extension ConfigurationFields {
    /// The same with rotary positions that are stretched so.
    /// - Throws: `ConfigurationError` if they are scaled already, or are not the same in all layers.
    fileprivate func stretched(_ parameters: [JSONMember]) throws(ConfigurationError) -> ConfigurationFields {
        let name = has("rope_parameters") ? "rope_parameters" : "rope_scaling"
        if let said = try part(name) {
            guard !said.has("full_attention") else {
                throw ConfigurationError(
                    name, expected: "the same for all layers before it is stretched", found: "one for each kind of them"
                )
            }
            let kind = said.present("rope_type", "type")
            let type = try said.string(kind, default: "default")
            guard type == "default" else {
                throw ConfigurationError(
                    "\(name).\(kind)", expected: "default before it is stretched", found: type)
            }
        }
        return try replacing(in: name, parameters)
    }
}

extension CausalLanguageModel {
    /// The same without an end of its positions before this length; learned ones end where they end.
    fileprivate func reading(_ length: Int) throws(ShapeError) -> CausalLanguageModel {
        var model = self
        if let positions = decoder.positions {
            guard positions.weight.role == .frozen else { return self }
            model.decoder.positions = try .sinusoids(count: length, size: positions.weight.shape[1])
        }
        model.decoder.lengthLimit = length
        return model
    }
}
