public import AttentionDecoding
public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

extension CaptioningModel: GenerativeModel {
    public typealias State = TextDecoder<TransformerDecoderLayer>.State

    public var generator: (any GenerativeModel)? { self }

    public var vocabularySize: Int { decoder.outputWeight.shape[0] }

    public var lengthLimit: Int? { decoder.embeddings.lengthLimit }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try decoder.step(tokens, &state, wanting: outputs)
    }

    /// Behind pictures [B, C, height, width]; what is written begins with a token that the configuration says.
    /// - Throws: `ShapeError` if the pictures have another size than the model reads.
    public func start(_ images: Tensor) throws(ShapeError) -> GenerationStart<State> {
        let annotations = try annotations(try encoder.encode(images))
        return GenerationStart(state: try decoder.start(annotations, present: .all), prompts: nil)
    }

    /// Tokens are no picture.
    /// - Throws: `PretrainedError.noPicture`.
    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> { throw PretrainedError.noPicture }

    /// Behind a row of `pixel_values`; ids beside them are for `forward`.
    public func start(_ inputs: SafetensorsFile, row: Int) throws -> GenerationStart<State> {
        let images = try inputs.tensor(named: "pixel_values")
        guard images.shape.rank == 4, (0..<images.shape[0]).contains(row) else {
            throw PretrainedError.badInput(
                "pixel_values", source: inputs.source, expected: "pictures [B, C, height, width] with a row \(row)",
                found: "\(images.shape)")
        }
        return try start(try images.sliced(axis: 0, row..<row + 1))
    }
}
