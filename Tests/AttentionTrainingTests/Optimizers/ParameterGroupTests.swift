import AttentionTensors
import AttentionTraining
import Testing
import TrainingProbe

struct ParameterGroupTests {
    @Test(arguments: [
        ("encoder.*", "encoder.layers.0.weight", true), ("encoder.*", "encoder_norm.weight", false),
        ("*.bias", "encoder.layers.0.bias", true), ("*.bias", "bias", false), ("*bias", "bias", true),
        ("encoder.*.weight", "encoder.layers.0.norm.weight", true), ("encoder.*.weight", "encoder.weight", false),
        ("*a*b*", "xxaxxb", true), ("*a*b*", "xxbxxa", false), ("", "a", false), ("*", "", true), ("a", "a", true),
        ("*ab", "aab", true), ("a**b", "ab", true),
    ])
    func patterns(_ pattern: String, name: String, isMatch: Bool) {
        #expect(ParameterPattern(pattern).matches(name) == isMatch)
    }

    private func trained(_ groups: [ParameterGroup], optimizer: any Optimizer = SGD()) throws -> [String: [Float]] {
        var settings = TrainingConfiguration()
        settings.maximumUpdates = 1
        settings.groups = groups
        var trainer = try ToyTagger().trainer(
            settings, optimizer: optimizer, schedule: ConstantSchedule(rate: 0.5), validate: nil)
        _ = try trainer.run()
        return Dictionary(
            uniqueKeysWithValues: trainer.model.parameters().map { ($0.name, $0.parameter.tensor.values) })
    }

    private let start = Dictionary(
        uniqueKeysWithValues: ToyTagger().parameters().map { ($0.name, $0.parameter.tensor.values) })

    /// How far a parameter moved.
    private func change(_ name: String, in found: [String: [Float]]) throws -> [Float] {
        zip(try #require(found[name]), try #require(start[name])).map { $0 - $1 }
    }

    @Test func factorsMultiplyTheRate() throws {
        let plain = try change("hidden", in: try trained([]))
        let scaled = try trained([ParameterGroup("hid*", rateFactor: 0.5), ParameterGroup("*", rateFactor: 0.5)])
        #expect(plain.contains { abs($0) > 1e-3 })
        #expect(zip(try change("hidden", in: scaled), plain).allSatisfy { abs($0 - $1 / 4) < 1e-6 })
    }

    @Test func frozenParametersStayAndCountInNoNorm() throws {
        let found = try trained([ParameterGroup("embedding", isFrozen: true)])
        #expect(found["embedding"] == start["embedding"])
        #expect(found["hidden"] != start["hidden"])
        var norms: [Float] = []
        for groups in [[], [ParameterGroup("o*", isFrozen: true)]] as [[ParameterGroup]] {
            var settings = TrainingConfiguration()
            settings.maximumUpdates = 1
            settings.progressInterval = 1
            settings.groups = groups
            var trainer = try ToyTagger().trainer(settings, validate: nil)
            _ = try trainer.run { if case .progress(let report) = $0 { norms.append(report.gradientNorm) } }
        }
        #expect(norms[1] < 0.99 * norms[0])
    }

    @Test func theLastDecayCounts() throws {
        let optimizer = SGD(decay: .matrices(0.1))
        let none = try trained([], optimizer: SGD())
        let own = try trained(
            [ParameterGroup("*", decay: .all(0.4)), ParameterGroup("output", decay: .zero)], optimizer: optimizer)
        #expect(own["output"] == none["output"])
        for (index, value) in try #require(own["hidden"]).enumerated() {
            let expected = try #require(none["hidden"])[index] - 0.5 * 0.4 * (try #require(start["hidden"]))[index]
            #expect(abs(value - expected) < 1e-6)
        }
    }

    @Test func layersHaveRatesThatFallTowardsTheBottom() {
        let groups = ParameterGroup.layerwise(["embedding", "layers.0.*", "layers.1.*"], factor: 0.5)
        #expect(groups.map(\.rateFactor) == [0.25, 0.5, 1])
        #expect(groups.map(\.pattern.description) == ["embedding", "layers.0.*", "layers.1.*"])
    }

    @Test func aPatternThatMatchesNothingIsNamed() {
        let error = #expect(throws: TrainingError.self) { try trained([ParameterGroup("encoder.*", isFrozen: true)]) }
        #expect(
            error?.description == "train: expected parameters whose names match encoder.*, found none; "
                + "write names as the model does, for example embedding")
    }
}
