/// Mistral 7B (Jiang et al. 2023): Llama whose layers may look back through a window.
public enum Mistral: CausalFamily {
    public static let modelTypes = ["mistral"]
    public static let architectures = ["MistralModel", "MistralForCausalLM"]

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(fields)
        sizes.look(back: try fields.has("sliding_window") ? fields.size("sliding_window") : nil)
        return try sizes.decoder()
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap { .llama }
}
