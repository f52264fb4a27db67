import AttentionFiles
import AttentionLayers
import AttentionTensors

/// What a model in Marian's container says of itself in `special:model.yml`, as far as it decides what is computed.
///
/// Files carry every option that Marian has ever had, most of them for other kinds of models; so those that would change what is computed are
/// asked for, and refused where they ask for what is not built here.
struct MarianOptions {
    /// What stands in a decoder's layers where a Transformer has self-attention.
    enum Autoregression: String {
        case attention = "self-attention"
        case recurrence = "rnn"
    }

    let vocabularySize: Int
    let modelSize: Int
    let headCount: Int
    let encoderLayerCount: Int
    let decoderLayerCount: Int
    let encoderFeedForwardSize: Int
    let decoderFeedForwardSize: Int
    let activation: Activation
    let order: NormOrder
    /// Whether a norm stands behind the last layer of each side.
    let hasTopNorm: Bool
    let autoregression: Autoregression

    /// Reads the settings of a model.
    /// - Throws: `ConfigurationError` with the setting that is missing or asks for something else.
    init(yaml: String) throws(ConfigurationError) {
        let fields: FlatYAML
        do { fields = try FlatYAML(yaml) } catch {
            throw ConfigurationError("special:model.yml", expected: "names and values", found: "\(error)")
        }
        let options = Reader(fields: fields)
        try options.require("type", "transformer")
        try options.require("tied-embeddings-all", "true", default: "false")
        try options.require("transformer-ffn-depth", "2", default: "2")
        try options.require("transformer-decoder-ffn-depth", "2", "0", default: "2")
        try options.require("transformer-no-projection", "false", default: "false")
        try options.require("transformer-train-position-embeddings", "false", default: "false")
        try options.require("transformer-pool", "false", default: "false")
        try options.require("lemma-dim-emb", "0", default: "0")
        try options.require("output-omit-bias", "false", default: "false")
        try options.require("transformer-postprocess-emb", "d", "", default: "d")
        try options.requireEmpty("transformer-tied-layers")
        modelSize = try options.size("dim-emb")
        headCount = try options.size("transformer-heads")
        guard modelSize % headCount == 0, modelSize % 2 == 0 else {
            throw ConfigurationError(
                "dim-emb", expected: "an even multiple of \(headCount) heads", found: "\(modelSize)")
        }
        let vocabularies = try options.sizes("dim-vocabs")
        guard let first = vocabularies.last, vocabularies.allSatisfy({ $0 == first }) else {
            throw ConfigurationError("dim-vocabs", expected: "one size for both languages", found: "\(vocabularies)")
        }
        vocabularySize = first
        encoderLayerCount = try options.size("enc-depth")
        decoderLayerCount = try options.size("dec-depth")
        encoderFeedForwardSize = try options.size("transformer-dim-ffn")
        let own = try options.integer("transformer-decoder-dim-ffn", default: 0)
        decoderFeedForwardSize = own > 0 ? own : encoderFeedForwardSize
        let spelling = options.text("transformer-ffn-activation") ?? "swish"
        switch spelling {
        case "relu": activation = .relu
        case "swish": activation = .silu
        case "gelu": activation = .gelu
        default:
            throw ConfigurationError(
                "transformer-ffn-activation", expected: "relu, swish or gelu", found: spelling)
        }
        (order, hasTopNorm) = try options.norms()
        let kind = options.text("transformer-decoder-autoreg") ?? Autoregression.attention.rawValue
        guard let autoregression = Autoregression(rawValue: kind) else {
            throw ConfigurationError("transformer-decoder-autoreg", expected: "self-attention or rnn", found: kind)
        }
        self.autoregression = autoregression
        if autoregression == .recurrence { try options.require("dec-cell", "ssru") }
    }
}

/// The settings by name.
private struct Reader {
    let fields: FlatYAML

    func text(_ name: String) -> String? {
        switch fields.members[name] {
        case .scalar(let value)?: value
        case .list(let values)?: values.joined(separator: ", ")
        case nil: nil
        }
    }

    /// Refuses what is not built here.
    func require(_ name: String, _ accepted: String..., default fallback: String? = nil) throws(ConfigurationError) {
        let found = text(name) ?? fallback
        guard let found, accepted.contains(found) else {
            throw ConfigurationError(
                name, expected: accepted.map { $0.isEmpty ? "nothing" : $0 }.joined(separator: " or "),
                found: found ?? "none")
        }
    }

    func requireEmpty(_ name: String) throws(ConfigurationError) {
        guard let found = text(name), !found.isEmpty else { return }
        throw ConfigurationError(name, expected: "none", found: found)
    }

    func integer(_ name: String, default fallback: Int? = nil) throws(ConfigurationError) -> Int {
        guard let value = text(name).flatMap({ Int($0) }) ?? (text(name) == nil ? fallback : nil) else {
            throw ConfigurationError(name, expected: "an integer", found: text(name) ?? "none")
        }
        return value
    }

    func size(_ name: String) throws(ConfigurationError) -> Int {
        let value = try integer(name)
        try ConfigurationError.require(name, value, in: 1...1 << 20)
        return value
    }

    func sizes(_ name: String) throws(ConfigurationError) -> [Int] {
        guard case .list(let values)? = fields.members[name] else {
            throw ConfigurationError(name, expected: "a list of sizes", found: text(name) ?? "none")
        }
        var sizes: [Int] = []
        for value in values {
            guard let size = Int(value), (1...1 << 24).contains(size) else {
                throw ConfigurationError(name, expected: "a list of sizes", found: value)
            }
            sizes.append(size)
        }
        return sizes
    }

    /// Marian spells what happens around a branch by letters: dropout, add, normalise. The norm is before the branch, or behind the sum.
    func norms() throws(ConfigurationError) -> (NormOrder, hasTop: Bool) {
        let (before, behind) = (text("transformer-preprocess") ?? "", text("transformer-postprocess") ?? "dan")
        let top = text("transformer-postprocess-top") ?? ""
        func steps(_ text: String) -> String { text.filter { $0 != "d" } }
        guard top.allSatisfy({ "dn".contains($0) }) else {
            throw ConfigurationError("transformer-postprocess-top", expected: "n or nothing", found: top)
        }
        switch (steps(before), steps(behind)) {
        case ("", "an"): return (.post, top.contains("n"))
        case ("n", "a"): return (.pre, top.contains("n"))
        default:
            throw ConfigurationError(
                "transformer-postprocess", expected: "dan with nothing before, or da with n before",
                found: "\(behind) with \(before.isEmpty ? "nothing" : before) before")
        }
    }
}
