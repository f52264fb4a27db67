import AttentionFiles
public import AttentionTensors

extension PretrainedFolder {
    /// Writes the model with the matrices of its layers in these formats as a folder that is read here like any other: `model.safetensors` under the names that
    /// parameters have here, and `config.json` as it was with a note of what was done.
    ///
    /// The configuration comes last, so that there is never one beside the tensors of another model.
    /// - Throws: as `model()`; `FileError` or `SafetensorsError` if a file cannot be written.
    public func writeQuantized(_ formats: LayerFormats, noting format: BlockFormat, to directory: String) throws {
        try writeQuantized(try model(), formats, format, to: directory)
    }

    private func writeQuantized<Model: PretrainedModel>(
        _ model: Model, _ formats: LayerFormats, _ format: BlockFormat, to directory: String
    ) throws {
        let quantized = model.quantized(formats.format(of:))
        try Directory.create(directory)
        let weights = try Safetensors.written(
            quantized.entries(), metadata: [Checkpoint.namingKey: checkpoint.names.joined(separator: "\n")],
            replacing: directory + "/model.safetensors")
        let configuration = try AtomicFile(replacing: directory + "/config.json")
        try configuration.write(quantizedConfiguration(format))
        try weights.synchronize()
        try configuration.synchronize()
        try configuration.removeOld()
        try weights.commit()
        try configuration.commit()
    }

    private func quantizedConfiguration(_ format: BlockFormat) -> [UInt8] {
        let note: JSONValue = .object([
            JSONMember("quant_method", "swift-attention"), JSONMember("format", .string(format.rawValue)),
            JSONMember("group_size", .number(JSONNumber(format.numberCount))),
        ])
        let changed = document.replacing([JSONMember("quantization_config", note)])
        return JSONWriter.write(changed, as: .lines) + [UInt8(ascii: "\n")]
    }
}
