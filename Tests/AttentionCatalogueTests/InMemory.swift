import AttentionCatalogue
import AttentionOperators
import AttentionTensors

/// Tensors as a file would hold them.
func file(_ tensors: [String: Tensor], _ others: [Safetensors.Entry] = []) throws -> SafetensorsFile {
    let entries = tensors.map { Safetensors.Entry($0.key, $0.value) } + others
    return try SafetensorsFile(Safetensors.encoded(entries), source: "memory")
}

/// A specification written as JSON.
func specification(_ json: String) throws -> Specification {
    try Specification(json: Array(json.utf8), source: "memory")
}
