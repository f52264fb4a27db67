import Attention

/// Writing with an encoder–decoder Transformer of the shipped model's size: 16 steps of 8 rows, one token each, around so many tokens written
/// before, from sources of 20 tokens; logits alone. The last two remember in bfloat16 what was written.
///
/// Vocabulary 8000, model 256, 4 heads, 3 + 3 layers, feed-forward 1024, pre-norm.
struct TransformerDecoding: Workload {
    let name = "decode_transformer"
    let cases = [
        "25 tokens", "100 tokens", "400 tokens", "1600 tokens", "100 tokens, bfloat16", "400 tokens, bfloat16",
    ]
    let seconds = 5.0

    private static let (rowCount, stepCount) = (8, 16)

    func run(_ name: String, at pace: Pace) throws {
        var configuration = TransformerConfiguration()
        configuration.vocabularySize = 8000
        (configuration.encoderLayerCount, configuration.decoderLayerCount) = (3, 3)
        var model = try Transformer(configuration, key: RandomKey(seed: 0))
        if name.hasSuffix("bfloat16") { model.pageFormat = .bfloat16 }
        var generator = RandomKey(seed: 1).generator()
        func tokens(_ count: Int) -> [Int] { (0..<count).map { _ in Int.random(in: 3..<8000, using: &generator) } }
        let length = name.split(separator: " ").first.flatMap { Int($0) } ?? 0
        var written = try model.start(PaddedBatch((0..<Self.rowCount).map { _ in tokens(20) }, padding: 0))
        let past = length - Self.stepCount / 2
        _ = try model.step((0..<Self.rowCount).map { _ in tokens(past) }, &written, wanting: [])
        let next = (0..<Self.stepCount).map { _ in (0..<Self.rowCount).map { _ in tokens(1) } }
        let measurement = try Measurement(at: pace) {
            var state = written
            for tokens in next { _ = try model.step(tokens, &state, wanting: .logits) }
        }
        var line = Line(self, name)
        measurement.add(to: &line, amount: Double(Self.stepCount), unit: "steps")
        line.print()
    }
}
