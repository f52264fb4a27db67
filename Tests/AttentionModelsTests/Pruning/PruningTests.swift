import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import Testing

/// Heads and hidden units that are taken out of a model.
struct PruningTests {
    private static var configuration: TransformerConfiguration {
        var configuration = TransformerConfiguration()
        (configuration.vocabularySize, configuration.modelSize, configuration.headCount) = (20, 12, 3)
        (configuration.encoderLayerCount, configuration.decoderLayerCount, configuration.feedForwardSize) = (2, 2, 10)
        configuration.dropout = 0
        return configuration
    }

    private static func model() throws -> Transformer { try Transformer(configuration, key: RandomKey(seed: 3)) }

    private static let batch = SequencePairBatch(
        [([5, 6, 7, 2], [8, 9, 2]), ([10, 2], [11, 12, 13, 14, 2])], special: SpecialTokens())

    private static let parts = ["encoder", "decoder"].flatMap { side in
        (0..<2).flatMap { layer in
            (side == "decoder" ? ["self_attention", "cross_attention"] : ["self_attention"]).map {
                "\(side).\(layer).\($0)"
            }
        }
    }

    /// A model in which these parts give nothing, since what mixes them does not read them.
    private static func silenced(_ model: Transformer, _ path: String, _ parts: [Int], of count: Int) -> Transformer {
        let name = path + (path.hasSuffix("attention") ? ".output.weight" : ".down.weight")
        return model.mapParameters { own, parameter in
            guard own == name else { return parameter }
            let width = parameter.shape[1]
            let values = parameter.tensor.values.enumerated().map { place, value in
                parts.contains(place % width * count / width) ? 0 : value
            }
            return Parameter(try! Tensor(values, shape: parameter.shape))
        }
    }

    /// A head that is multiplied by 0 can go, and nobody notices.
    @Test func whatGivesNothingLeavesNothingBehind() throws {
        for (path, gone, count) in [
            ("encoder.0.self_attention", [1], 3), ("decoder.1.cross_attention", [0, 2], 3),
            ("decoder.0.self_attention", [2], 3), ("encoder.1.feed_forward", [0, 3, 9], 10),
        ] {
            let model = Self.silenced(try Self.model(), path, gone, of: count)
            let pruned = try model.keepingParts([path: (0..<count).filter { !gone.contains($0) }])
            #expect(pruned.parameterCount < model.parameterCount)
            let (before, after) = (
                try model.hiddenStates(Self.batch, training: nil), try pruned.hiddenStates(Self.batch, training: nil)
            )
            for (one, two) in zip(before.values, after.values) { #expect(abs(one - two) < 1e-6, "\(path)") }
            // And one that gives something is missed.
            let whole = try Self.model().hiddenStates(Self.batch, training: nil)
            #expect(zip(whole.values, after.values).contains { abs($0 - $1) > 1e-4 }, "\(path)")
        }
    }

    /// ∂L/∂m where m = 1, against the difference of losses at m = 1 ± ε.
    @Test func sensitivitiesAreDerivatives() throws {
        let model = try Self.model()
        let tracked = model.tracked()
        let found = try tracked.partSensitivities(try tracked.loss(Self.batch).gradients())
        #expect(found.count == 6 + 4)
        for (path, part, count) in [
            ("encoder.1.self_attention", 2, 3), ("decoder.0.cross_attention", 0, 3), ("decoder.1.feed_forward", 4, 10),
        ] {
            let name = path + (path.hasSuffix("attention") ? ".output.weight" : ".down.weight")
            func loss(_ factor: Float) throws -> Double {
                let scaled = model.mapParameters { own, parameter in
                    guard own == name else { return parameter }
                    let width = parameter.shape[1]
                    let values = parameter.tensor.values.enumerated().map { place, value in
                        place % width * count / width == part ? value * factor : value
                    }
                    return Parameter(try! Tensor(values, shape: parameter.shape))
                }
                return Double(try scaled.loss(Self.batch).scalar)
            }
            let difference = (try loss(1.05) - loss(0.95)) / 0.1
            let value = Double(try #require(found[path])[part])
            #expect(abs(difference - value) < 2e-3 + 0.02 * abs(value), "\(path): \(difference) \(value)")
        }
    }

    /// A sensitivity is the slope of the loss by a factor, where that is 1.
    @Test func sensitivitiesAreSlopesByFactors() throws {
        let model = try Self.model()
        let factors = Dictionary(uniqueKeysWithValues: Self.parts.map { ($0, Tensor.ones([3]).tracked()) })
        let slopes = try model.scalingParts(factors).loss(Self.batch).gradients()
        let tracked = model.tracked()
        let expected = try tracked.partSensitivities(try tracked.loss(Self.batch).gradients())
        for (path, factor) in factors {
            let found = try #require(slopes[factor]).values
            for (one, two) in zip(found, try #require(expected[path])) {
                #expect(abs(one - two) < 1e-4 + 1e-3 * abs(two), "\(path)")
            }
        }
        let other = ShapeError("scaled", expected: "a factor for each of 3 parts", found: "[2]")
        #expect(throws: other) { try model.scalingParts([Self.parts[0]: .ones([2])]) }
    }

    /// Heads that are named go, and only they.
    @Test func namedHeadsGo() throws {
        let model = try Self.model()
        let path = "decoder.1.cross_attention"
        let plan = PruningPlan(of: model.prunableParts, removing: [path: [2, 0], "encoder.0.self_attention": []])
        #expect(plan.removedHeads == [path: [0, 2]] && plan.removedHeadCount == 2 && plan.unitCount == nil)
        let silenced = try plan.applied(to: Self.silenced(model, path, [0, 2], of: 3)).loss(Self.batch).scalar
        let zeros = try model.scalingParts([path: try Tensor([0, 1, 0], shape: [3])]).loss(Self.batch).scalar
        #expect(abs(silenced - zeros) < 1e-4)
        let nothing = PruningPlan(of: model.prunableParts, removing: [:])
        #expect(try nothing.applied(to: model).parameterCount == model.parameterCount)
    }

    private static func plan(_ share: Double, units: Double = 0, protecting: [String: Set<Int>] = [:]) throws
        -> PruningPlan
    {
        let model = try model()
        return PruningPlan(
            of: model.prunableParts, scores: try model.partSizes(), headShare: share, unitShare: units,
            protecting: protecting)
    }

    @Test func everyAttentionKeepsAHead() throws {
        #expect(try Self.plan(0.99).removedHeadCount == 12)
        #expect(try Self.plan(0.5).removedHeadCount == 9)
        #expect(try Self.plan(0.05).removedHeadCount == 0)
        let all = try Self.plan(0.99, protecting: ["decoder.1.cross_attention": [1]])
        #expect(all.removedHeads["decoder.1.cross_attention"] == [0, 2])
        #expect(
            try Self.plan(0.99).applied(to: try Self.model()).prunableParts.filter { $0.part == .heads }.allSatisfy {
                $0.count == 1
            })
    }

    @Test func whatMattersLeastGoes() {
        let parts = [
            PrunableParts(path: "a", part: .heads, count: 3), PrunableParts(path: "b", part: .heads, count: 3),
            PrunableParts(path: "c", part: .hiddenUnits, count: 4),
        ]
        // Heads are compared within their layers' lengths: b's are as different as a's.
        let plan = PruningPlan(
            of: parts, scores: ["a": [3, 0.1, 4], "b": [300, 400, 9], "c": [1, 4, 3, 2]], headShare: 0.34,
            unitShare: 0.5)
        #expect(plan.removedHeads == ["a": [1], "b": [2]])
        #expect(plan.keptUnits == ["c": [1, 2]])
    }

    /// What the configuration says is what is loaded.
    @Test func aConfigurationSaysWhatIsGone() throws {
        let model = try Self.model()
        let first = try Self.plan(0.3, units: 0.4)
        let configuration = try #require(Self.configuration.pruned(first))
        let pruned = try first.applied(to: model)
        let text = try JSONEncoding.text(of: configuration)
        let read: TransformerConfiguration = try JSONDecoding.decode(from: Array(text.utf8))
        #expect(read == configuration && read.feedForwardSize == 6)
        let blank = try Transformer(read, key: .blank)
        let shapes = { (model: Transformer) in model.parameters().map { "\($0.name) \($0.parameter.shape)" } }
        #expect(shapes(blank) == shapes(pruned))
        // What goes later is told by the numbers that it had in the beginning.
        let second = PruningPlan(
            of: pruned.prunableParts, scores: try pruned.partSizes(), headShare: 0.4, unitShare: 0)
        let again = try #require(configuration.pruned(second))
        #expect(shapes(try Transformer(again, key: .blank)) == shapes(try second.applied(to: pruned)))
        let counts = again.prunedHeads?.values.map { Set($0).count } ?? []
        #expect(counts.reduce(0, +) == first.removedHeadCount + second.removedHeadCount)
        #expect(again.prunedHeads?.values.allSatisfy { $0.allSatisfy((0..<3).contains) } == true)
    }

    @Test(arguments: [
        (
            ["encoder.9.self_attention": [0]],
            "configuration: expected prunedHeads to be heads of attentions that there are, found encoder.9.self_attention"
        ),
        (
            ["encoder.0.self_attention": [3]],
            "configuration: expected prunedHeads to be some of the heads 0 to 2 in encoder.0.self_attention, found [3]"
        ),
        (
            ["encoder.0.self_attention": [0, 1, 2]],
            "configuration: expected prunedHeads to be some of the heads 0 to 2 in encoder.0.self_attention, found [0, 1, 2]"
        ),
    ]) func otherHeadsAreRefused(_ pruned: [String: [Int]], _ sentence: String) throws {
        var configuration = Self.configuration
        configuration.prunedHeads = pruned
        #expect { _ = try Transformer(configuration, key: .blank) } throws: { "\($0)" == sentence }
        configuration = Self.configuration
        configuration.positions = "alibi"
        #expect(configuration.pruned(try Self.plan(0.3)) == nil)
    }
}
