import Attention
import Testing

/// Models that were broken on purpose, and what the doctor says of them.
@Suite struct AttentionDoctorTests {
    private static let texts = [[3, 4, 5, 6, 7, 8, 2], [9, 8, 5, 2], [4, 10, 11, 3, 3, 2]]

    private static func transformer() throws -> Transformer {
        var configuration = TransformerConfiguration()
        (configuration.vocabularySize, configuration.modelSize, configuration.headCount) = (12, 16, 2)
        (configuration.encoderLayerCount, configuration.decoderLayerCount, configuration.dropout) = (2, 2, 0)
        // Large enough that heads tell words apart, as if they had learnt to.
        return try Transformer(configuration, key: RandomKey(seed: 3)).mapTensors { name, tensor in
            name.hasSuffix("query.weight") || name.hasSuffix("key.weight") ? tensor * 3 : tensor
        }
    }

    private func findings(in model: some SequenceToSequence) throws -> [AttentionFinding] {
        let pairs = zip(Self.texts, Self.texts.reversed()).map { (source: $0, target: $1) }
        return try AttentionDoctor().findings(in: SequencePatient(model: model, pairs: pairs, start: 1, padding: 0))
    }

    /// The same model with other rows in a parameter.
    private func changed(_ parameter: String, _ rows: @escaping (Int, Int, Float) -> Float) throws -> Transformer {
        try Self.transformer().mapTensors { name, tensor in
            guard name == parameter else { return tensor }
            let width = tensor.shape.rank > 1 ? tensor.shape[1] : 1
            let values = tensor.values
            return Tensor(shape: tensor.shape) { out in
                for index in values.indices { out[index] = rows(index / width, index % width, values[index]) }
            }
        }
    }

    @Test func aHealthyModelHasNothingSerious() throws {
        let found = try findings(in: try Self.transformer())
        #expect(found.allSatisfy { !$0.isSerious }, "\(found)")
    }

    @Test func zeroedKeysMakeAHeadUniform() throws {
        let model = try changed("encoder.1.self_attention.key.weight") { row, _, value in row < 8 ? 0 : value }
            .mapTensors { name, tensor in name == "encoder.1.self_attention.key.bias" ? tensor * 0 : tensor }
        let found = try findings(in: model).filter(\.isSerious)
        #expect(found.map(\.kind) == [.uniform] && found.map(\.place) == ["encoder 2.1"], "\(found)")
        #expect(found[0].cause.hasPrefix("its queries or keys are 0") && found[0].remedy.contains("--ablate"))
    }

    @Test func aCopiedHeadIsADuplicate() throws {
        var model = try Self.transformer()
        for map in [\MultiHeadAttention.query, \MultiHeadAttention.key] {
            let linear = model.decoder[0].crossAttention[keyPath: map]
            let first = try linear.weight.tensor.sliced(axis: 0, 0..<8)
            model.decoder[0].crossAttention[keyPath: map].weight = Parameter(try concatenated([first, first], axis: 0))
            if let bias = linear.bias {
                let half = try bias.tensor.sliced(axis: 0, 0..<8)
                model.decoder[0].crossAttention[keyPath: map].bias = Parameter(try concatenated([half, half], axis: 0))
            }
        }
        let found = try findings(in: model).filter(\.isSerious)
        #expect(found.map(\.kind) == [.duplicate] && found.map(\.place) == ["cross 1.2"], "\(found)")
        #expect(found[0].observation == "it looks as cross 1.1 does in every text")
    }

    @Test func aNumberThatIsNoneIsFound() throws {
        let name = "decoder.1.self_attention.value.weight"
        let found = try findings(in: try changed(name) { row, column, value in row == 3 && column == 5 ? .nan : value })
        #expect(found.first?.kind == .brokenNumbers && found.first?.place == name)
        #expect(found.first?.observation == "1 of 256 numbers are none")
        // Where queries are none, so are rows.
        let rows = try findings(
            in: try changed("encoder.1.self_attention.query.weight") { row, _, value in row == 9 ? .nan : value })
        #expect(rows.contains { $0.kind == .brokenRows && $0.place == "encoder 2.2" }, "\(rows)")
        #expect(!rows.contains { $0.kind == .brokenRows && $0.place == "encoder 2.1" })
    }

    @Test func scoresOutOfBoundsCollapse() throws {
        // Whatever the query is, it asks for one and the same thing, and loudly.
        let model = try changed("encoder.0.self_attention.query.weight") { row, _, value in row < 8 ? 0 : value }
            .mapTensors { name, tensor in
                guard name == "encoder.0.self_attention.query.bias" else { return tensor }
                return Tensor(shape: [16]) { out in for index in 0..<16 { out[index] = index < 8 ? 1e5 : 0 } }
            }
        let found = try findings(in: model).filter { $0.place == "encoder 1.1" }
        #expect(found.map(\.kind) == [.collapsed] || found.map(\.kind) == [.sink], "\(found)")
    }

    @Test func aMissingMaskLeaks() throws {
        var model = try Self.transformer()
        model.decoder[1].selfAttention.mechanism.scope = GlobalScope.global
        let found = try findings(in: model).filter(\.isSerious)
        #expect(found.contains { $0.kind == .leak && $0.place == "decoder 2.1" }, "\(found)")
        #expect(found.contains { $0.kind == .leak && $0.place.isEmpty })
        // Step by step there is nothing to come, so that it is something else than at once.
        #expect(found.contains { $0.kind == .cache })
    }

    /// An encoder that does not know which ids are real.
    private struct Blind: TextEncoder {
        var encoder: any TextEncoder
        var modelSize: Int { encoder.modelSize }
        var words: Embedding { encoder.words }
        var lengthLimit: Int? { encoder.lengthLimit }
        var layerCount: Int { encoder.layerCount }
        var headCount: Int { encoder.headCount }

        func encode(
            _ batch: TokenBatch, observing: Observation, training key: RandomKey?
        ) throws(ShapeError) -> EncoderOutput {
            try encoder.encode(
                try TokenBatch(ids: batch.ids, rowCount: batch.rowCount, length: batch.length), observing: observing,
                training: key)
        }

        mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try encoder.visit(&visitor, path)
        }
    }

    @Test func whoLooksAtPaddingIsFound() throws {
        let model = try PretrainedFolder(path: TaskTests.root + "vectors").encoder(for: .features).encoder
        func findings(_ encoder: some TextEncoder) throws -> [AttentionFinding] {
            try AttentionDoctor().findings(
                in: EncoderPatient(
                    encoder: encoder, texts: Self.texts, types: Self.texts.map { $0.map { _ in 0 } }, padding: 0)
            ).filter(\.isSerious)
        }
        #expect(try findings(model).isEmpty)
        let found = try findings(Blind(encoder: model))
        #expect(found.contains { $0.kind == .padding && $0.place == "encoder 1.1" }, "\(found)")
        #expect(found.contains { $0.kind == .padding && $0.place.isEmpty })
        #expect(!found.contains { $0.kind == .leak })
    }

    /// A model whose cache remembers something else than it was told.
    private struct Forgetful: AttentionPatient {
        var parameters: [(name: String, parameter: Parameter)] { [] }
        func samples() -> [AttentionSample] { [] }
        func changeFromLater() -> Float? { 0 }
        func changeFromPadding() -> Float? { nil }
        func changeFromCaching() -> Float? { 0.25 }
    }

    @Test func aCacheThatIsNotTheWholeIsFound() throws {
        let found = try AttentionDoctor().findings(in: Forgetful())
        #expect(found.map(\.kind) == [.cache])
        #expect(
            found.first?.observation
                == "read position by position, a text is not what it is at once: by 0.25 of the greatest number")
    }

    @Test func modelsAsTheyAreHaveNothingSerious() throws {
        let shipped = try AttentionDoctor().findings(in: try Translator.standard())
        #expect(shipped.allSatisfy { !$0.isSerious }, "\(shipped.filter(\.isSerious))")
        for name in ["vectors", "continuations"] {
            let model = try TraceableModels.model(at: TaskTests.root + name)
            func findings(_ model: some TraceableModel) throws -> [AttentionFinding] {
                try AttentionDoctor().findings(in: model, texts: ["The cat sleeps.", "A dog runs and a cat sleeps."])
            }
            let found = try findings(model)
            #expect(found.allSatisfy { !$0.isSerious }, "\(name): \(found.filter(\.isSerious))")
        }
    }
}
