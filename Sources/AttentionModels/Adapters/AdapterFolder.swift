import AttentionFiles
import AttentionTensors

/// A folder of low-rank adapters as PEFT writes it: `adapter_config.json` and `adapter_model.safetensors`, and beside them the model's
/// `config.json` if it says more than the base model's.
public struct AdapterFolder: Sendable {
    /// Where it lies.
    public let path: String
    let fields: ConfigurationFields
    let tensors: SafetensorsFile
    /// The configuration of the model with the adapters; nil if there is none.
    let model: ConfigurationFields?

    /// What names of tensors begin with.
    static let prefix = "base_model.model."

    /// Opens a folder; tensors are mapped, not read.
    /// - Throws: `PretrainedError.badAdapter` if it is no folder of low-rank adapters; `SafetensorsError` if the tensors are damaged.
    public init(path: String) throws {
        let file = path + "/adapter_config.json"
        guard let fields = try Self.fields(file) else {
            throw PretrainedError.badAdapter(
                path, reason: "expected a folder with adapter_config.json and adapter_model.safetensors, found none")
        }
        (self.path, self.fields) = (path, fields)
        do {
            try Self.check(fields)
        } catch {
            throw PretrainedError.badAdapter(file, reason: "\(error)")
        }
        tensors = try SafetensorsFile(path: path + "/adapter_model.safetensors")
        model = try Self.fields(path + "/config.json")
    }

    /// Refuses adapters of another form, which would be added wrongly.
    private static func check(_ fields: ConfigurationFields) throws(ConfigurationError) {
        let type = try fields.string("peft_type", default: "LORA")
        guard type == "LORA" else { throw ConfigurationError("peft_type", expected: "LORA", found: type) }
        for name in ["use_dora", "lora_bias"] {
            guard try fields.flag(name, default: false) else { continue }
            throw ConfigurationError(name, expected: "false", found: "true")
        }
        let bias = try fields.string("bias", default: "none")
        guard bias == "none" else { throw ConfigurationError("bias", expected: "none", found: bias) }
        for name in ["rank_pattern", "alpha_pattern"] {
            guard let part = try fields.part(name), !part.isEmpty else { continue }
            throw ConfigurationError(name, expected: "one rank and one alpha for all", found: "several")
        }
    }

    private static func fields(_ file: String) throws -> ConfigurationFields? {
        guard Directory.hasFile(file) else { return nil }
        do {
            return try ConfigurationFields(try JSONParser.parse(try FileContents.read(file)))
        } catch {
            throw PretrainedError.badAdapter(file, reason: "\(error)")
        }
    }

    /// What what is added is multiplied by: α / r, or α / √r (Kalajdzievski 2023, rank-stabilised).
    func scale(rank: Int) throws -> Float {
        let alpha = Float(try fields.number("lora_alpha", default: 8))
        return alpha / (try fields.flag("use_rslora", default: false) ? Float(rank).squareRoot() : Float(rank))
    }

    /// What the model with the adapters is for: what its configuration says, or PEFT's, or that of the base model.
    func task(of base: PretrainedFolder) throws -> EncoderTask {
        let name = try model?.strings("architectures").first ?? ""
        if let task = EncoderTask.allCases.first(where: { $0 != .features && name.hasSuffix($0.rawValue) }) {
            return task
        }
        switch try fields.string("task_type", default: "") {
        case "SEQ_CLS": return .sequences
        case "TOKEN_CLS": return .tokens
        case "QUESTION_ANS": return .spans
        case "FEATURE_EXTRACTION": return .features
        default:
            return EncoderTask.allCases.first { base.architecture.hasSuffix($0.rawValue) } ?? .features
        }
    }
}
