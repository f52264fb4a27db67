import AttentionLayers
import AttentionMechanisms
import AttentionModels
import AttentionTensors
import AttentionTestSupport
import Foundation
import Testing

private let copies: [(source: [Int], target: [Int])] = [
    ([5, 6, 7, 2], [5, 6, 7, 2]), ([4, 8, 2], [4, 8, 2]), ([9, 8, 7, 6, 5, 2], [9, 8, 7, 6, 5, 2]), ([3, 2], [3, 2]),
]

/// Recurrent models of every mechanism they take.
private let recurrentChoices: [RecurrentTranslatorConfiguration] = {
    func choice(
        _ attention: String, _ scope: RecurrentScope = .global, _ normalizer: String = "softmax",
        chunk: Int = 2
    ) -> RecurrentTranslatorConfiguration {
        var configuration = RecurrentTranslatorConfiguration()
        configuration.vocabularySize = 12
        configuration.embeddingSize = 6
        configuration.hiddenSize = 8
        configuration.attention = attention
        configuration.scope = scope
        configuration.normalizer = normalizer
        configuration.halfWidth = 2
        configuration.filterCount = 3
        configuration.filterWidth = 3
        configuration.chunkWidth = chunk
        configuration.mixtureSize = 2
        configuration.dropout = 0
        return configuration
    }
    let refused: Set = ["none", "location", "monotonic_hard"]
    return NamedAttention.names.filter { !refused.contains($0) }.map { choice($0) } + [
        choice("mocha", chunk: 0),
        choice("dot", .localM), choice("general", .localM, "sparsemax"), choice("additive", .localM),
        choice("general", .localP), choice("additive", .localP, "entmax15"), choice("dot", .localP),
        choice("general", .global, "sparsemax"), choice("additive", .global, "entmax15"),
        choice("dot", .global, "sigmoid"), choice("dot", .global, "relu"), choice("additive", .global, "softmax_sink"),
        choice("additive", .global, "scalable_softmax"), choice("general", .global, "normalized_sigmoid"),
        choice("location_sensitive", .global, "normalized_sigmoid"), choice("coverage", .global, "sparsemax"),
    ]
}()

/// Transformers of every score, normalizer and kind of position they take.
private let transformerChoices: [TransformerConfiguration] = {
    func choice(_ change: (inout TransformerConfiguration) -> Void) -> TransformerConfiguration {
        var configuration = TransformerConfiguration()
        configuration.vocabularySize = 12
        configuration.modelSize = 8
        configuration.headCount = 2
        configuration.encoderLayerCount = 1
        configuration.decoderLayerCount = 1
        configuration.feedForwardSize = 12
        configuration.activation = .gelu
        configuration.maximumLength = 8
        configuration.dropout = 0
        change(&configuration)
        return configuration
    }
    let scores = NamedAttention.names.filter {
        (try? choice { _ in }.with(attention: $0).validate()) != nil
    }
    let normalizers = NormalizerDescriptor.names.filter { kind in
        (try? choice { $0.selfNormalizer = kind }.validate()) != nil
    }
    return scores.map { choice { _ in }.with(attention: $0) }
        + normalizers.map { kind in
            choice {
                $0.selfNormalizer = kind
                $0.crossNormalizer = kind
            }
        } + ["rope", "alibi", "t5", "none"].map { name in choice { $0.positions = name } }
}()

extension TransformerConfiguration {
    fileprivate func with(attention: String) -> TransformerConfiguration {
        var copy = self
        copy.attention = attention
        return copy
    }
}

/// The loss on a batch before and after some steps of gradient descent.
private func descend(_ model: some SequenceToSequence, rate: Float, steps: Int) throws -> (before: Float, after: Float)
{
    let batch = SequencePairBatch(copies, special: SpecialTokens())
    var model = model
    let before = try model.loss(batch).scalar
    for _ in 0..<steps {
        let tracked = model.tracked()
        let gradients = try tracked.loss(batch).gradients()
        let squares = tracked.parameters().reduce(Float(0)) { sum, named in
            sum + (gradients[named.parameter].map { ($0 * $0).sum().scalar } ?? 0)
        }
        model = tracked.mapTensors { _, parameter in
            let step = gradients[parameter] ?? .zeros(parameter.shape)
            return parameter.detached() - step * (rate / max(squares.squareRoot(), 1e-6))
        }
    }
    return (before, try model.loss(batch).scalar)
}

@Suite struct MechanismChoiceTests {
    @Test(arguments: recurrentChoices)
    func recurrentTranslators(_ configuration: RecurrentTranslatorConfiguration) throws {
        let model = try RecurrentTranslator(configuration, key: RandomKey(seed: 3))
        try checkLaws(model)
        let (before, after) = try descend(model, rate: 0.3, steps: 25)
        #expect(after < 0.9 * before, "\(configuration.attention) \(configuration.scope): \(before) → \(after)")
    }

    @Test(arguments: transformerChoices)
    func transformers(_ configuration: TransformerConfiguration) throws {
        let model = try Transformer(configuration, key: RandomKey(seed: 3))
        try checkLaws(model)
        let (before, after) = try descend(model, rate: 0.2, steps: 25)
        #expect(after < 0.9 * before, "\(configuration): \(before) → \(after)")
    }

    @Test func whatIsTakenByName() {
        #expect(transformerChoices.count == 10 + 11 + 4)
        #expect(recurrentChoices.count == 16 + 16)
    }

    @Test func mechanismsByValue() throws {
        var configuration = try #require(recurrentChoices.first { $0.attention == "additive" })
        let mechanism = AttentionMechanism(
            score: .general(querySize: 8, keySize: 16, key: RandomKey(seed: 1)),
            scope: .slidingWindow(left: 1, right: 3),
            normalizer: .tempered(.sparsemax, temperature: 0.5))
        try checkLaws(RecurrentTranslator(configuration, mechanism: mechanism, key: RandomKey(seed: 2)))
        configuration.attention = "none"
        #expect(throws: ConfigurationError.self) {
            try RecurrentTranslator(configuration, mechanism: mechanism, key: RandomKey(seed: 2))
        }
        let mechanisms = TransformerMechanisms(
            encoder: AttentionMechanism(scope: .slidingWindow(left: 2, right: 2), normalizer: .entmax(alpha: 1.3)),
            decoder: AttentionMechanism(score: .cosine(scale: 4), scope: .causal),
            source: AttentionMechanism(normalizer: .topK(2)))
        try checkLaws(Transformer(transformerChoices[0], mechanisms: mechanisms, key: RandomKey(seed: 2)))
    }

    @Test func dropoutOfAMechanismIsUsed() throws {
        let mechanism = AttentionMechanism(
            score: .additive(querySize: 8, keySize: 16, hiddenSize: 8, key: RandomKey(seed: 1)), dropout: 0.5)
        let configuration = try #require(recurrentChoices.first { $0.attention == "additive" })
        let model = try RecurrentTranslator(configuration, mechanism: mechanism, key: RandomKey(seed: 2))
        let batch = SequencePairBatch(copies, special: SpecialTokens())
        #expect(try model.loss(batch).scalar != model.loss(batch, training: RandomKey(seed: 5)).scalar)
    }

    @Test func refusalsSayWhy() {
        func recurrent(_ change: (inout RecurrentTranslatorConfiguration) -> Void) -> String {
            var configuration = RecurrentTranslatorConfiguration()
            change(&configuration)
            do { try configuration.validate() } catch { return "\(error)" }
            return "taken"
        }
        func transformer(_ change: (inout TransformerConfiguration) -> Void) -> String {
            var configuration = TransformerConfiguration()
            change(&configuration)
            do { try configuration.validate() } catch { return "\(error)" }
            return "taken"
        }
        #expect(
            recurrent { $0.attention = "location" }
                == "configuration: expected attention to be one that can score a source of any length, found location")
        #expect(
            recurrent { $0.attention = "monotonic_hard" }
                == "configuration: expected attention to be one that gradients flow through, such as monotonic_soft, found monotonic_hard"
        )
        #expect(
            recurrent { ($0.attention, $0.scope) = ("coverage", .localM) }
                == "configuration: expected scope to be global for coverage, which is no score that could be kept within one, found local_m"
        )
        #expect(
            recurrent { ($0.attention, $0.normalizer) = ("mocha", "sparsemax") }
                == "configuration: expected normalizer to be softmax for mocha, which has no scores to share out, found sparsemax"
        )
        #expect(
            recurrent { $0.normalizer = "over_queries" }
                == "configuration: expected normalizer to be one that weighs every query by itself, as a decoder does step by step, found over_queries"
        )
        #expect(
            recurrent { ($0.attention, $0.scope) = ("none", .localP) }.contains("expected scope to be global for none"))
        #expect(recurrent { $0.filterWidth = 4 }.contains("odd"))
        #expect(
            transformer { $0.attention = "location_sensitive" }
                == "configuration: expected attention to be a score, since a Transformer's positions all look at once and know of no step before, found location_sensitive"
        )
        #expect(
            transformer { $0.crossNormalizer = "hardmax" }
                == "configuration: expected crossNormalizer to be one that gradients flow through, found hardmax")
        #expect(
            transformer { ($0.positions, $0.modelSize, $0.headCount) = ("rope", 12, 4) }
                .hasPrefix("configuration: expected positions to be ones for heads of size 3, found rope"))
    }

    @Test func configurationsOfBeforeAreRead() throws {
        let recurrent = try JSONDecoder().decode(
            RecurrentTranslatorConfiguration.self,
            from: Data(
                """
                {"vocabularySize": 90, "embeddingSize": 4, "hiddenSize": 6, "cell": "lstm", "attention": "concat",
                 "dropout": 0.1, "special": {"padding": 0, "start": 1, "end": 2}}
                """.utf8))
        #expect(recurrent.attention == "concat" && recurrent.scope == .global && recurrent.normalizer == "softmax")
        let transformer = try JSONDecoder().decode(
            TransformerConfiguration.self,
            from: Data(
                """
                {"activation": "relu", "activationDropout": 0, "attentionDropout": 0, "decoderLayerCount": 3,
                 "dropout": 0.1, "encoderLayerCount": 3, "feedForwardSize": 1024, "headCount": 4, "maximumLength": 512,
                 "modelSize": 256, "normOrder": "pre", "positions": "sinusoidal",
                 "special": {"end": 2, "padding": 0, "start": 1}, "vocabularySize": 8000}
                """.utf8))
        #expect(transformer.attention == "scaled_dot" && transformer.crossNormalizer == "softmax")
        for configuration in recurrentChoices {
            let copy = try JSONDecoder().decode(
                RecurrentTranslatorConfiguration.self, from: try JSONEncoder().encode(configuration))
            #expect(copy == configuration)
        }
        for configuration in transformerChoices {
            let copy = try JSONDecoder().decode(
                TransformerConfiguration.self, from: try JSONEncoder().encode(configuration))
            #expect(copy == configuration)
        }
    }
}
