public import AttentionModels
import AttentionTensors
import AttentionText
import CAttentionAssets

extension ModelFolder {
    /// The model that is compiled into the program: English to French; see `docs/results/default-model.md` for how it was made.
    /// - Throws: only if the program itself is damaged.
    public static func standard() throws -> ModelFolder {
        try ModelFolder(
            configuration: Array(attn_default_model_configuration().buffer),
            tokenizer: try Tokenizer(json: Array(attn_default_model_tokenizer().buffer)),
            weights: try SafetensorsFile(permanent: attn_default_model_weights().buffer, source: "the default model"),
            source: "the default model")
    }

    /// What the folder holds, in lines for people.
    public func summary() -> String {
        var lines = ["name            \(configuration.name)"]
        lines += configuration.architecture.summary.map { name, text in
            name + String(repeating: " ", count: max(1, 16 - name.count)) + text
        }
        lines.append("vocabulary      \(tokenizer.count) pieces")
        lines.append("parameters      \(model.parameterCount)")
        lines += model.memoryLines()
        if let head = configuration.alignment {
            lines.append(
                "alignment       decoder layer \(head.layer + 1), head \(head.head + 1), chosen on validation data")
        }
        let search = configuration.search
        if search != SearchSettings() {
            lines.append(
                "search          beam \(search.beamSize), length penalty \(search.lengthPenalty), coverage penalty \(search.coveragePenalty)"
            )
        }
        return lines.joined(separator: "\n")
    }
}

extension PretrainedFolder {
    /// What the folder holds, in lines for people.
    public func summary(of model: any PretrainedModel) -> String {
        var lines = ["architecture    \(architecture)", "family          \(family.modelTypes[0])"]
        if let generator = model.generator {
            lines.append("vocabulary      \(generator.vocabularySize) pieces")
            if let limit = generator.lengthLimit { lines.append("length          \(limit) tokens at most") }
        }
        return (lines + ["parameters      \(model.parameterCount)"] + model.memoryLines()).joined(separator: "\n")
    }
}

extension Module {
    /// What the parameters take as they are stored, and what products lay out of them at most at each precision.
    fileprivate func memoryLines() -> [String] {
        let summary = parameterSummary
        let types = summary.byteCounts.map { "\($0.format.rawValue) \(megabytes($0.byteCount))" }
        let packed = Precision.allCases.map { "\($0.rawValue) \(megabytes(packedByteCount(at: $0)))" }
        return [
            "stored          \(megabytes(summary.byteCount)): " + types.joined(separator: ", "),
            "packed          once used, in addition: " + packed.joined(separator: ", "),
        ]
    }
}

private func megabytes(_ count: Int) -> String { (Double(count) / 1e6).decimals(1) + " MB" }

extension attn_asset {
    /// Bytes that live for ever.
    var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }
}
