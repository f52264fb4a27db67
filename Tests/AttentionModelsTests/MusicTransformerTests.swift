import AttentionDecoding
import AttentionFiles
import AttentionMechanisms
import AttentionModels
import AttentionTensors
import Testing

@Suite struct MusicTransformerTests {
    static func configuration(_ positions: MusicTransformerConfiguration.Positions) -> MusicTransformerConfiguration {
        var configuration = MusicTransformerConfiguration()
        (configuration.vocabularySize, configuration.modelSize, configuration.headCount) = (11, 8, 2)
        (configuration.layerCount, configuration.feedForwardSize, configuration.farthestDistance) = (2, 16, 3)
        (configuration.positions, configuration.maximumLength) = (positions, 12)
        return configuration
    }

    /// A model whose every parameter matters: the drawn ones are so small that positions would hardly show.
    private func model(_ positions: MusicTransformerConfiguration.Positions) throws -> CausalLanguageModel {
        let model = try MusicTransformer.model(Self.configuration(positions), key: RandomKey(seed: 3))
        return model.mapTensors { name, tensor in name.hasSuffix("norm.weight") ? tensor : tensor * 20 }
    }

    private static let text = [5, 9, 2, 7, 7, 10, 3, 8, 1, 6]

    private func logits(_ model: CausalLanguageModel, _ text: [Int]) throws -> [Float] {
        let hidden = try model.decoder(TokenBatch([text], padding: 0)).last
        return try model.logits(hidden).values
    }

    @Test(arguments: MusicTransformerConfiguration.Positions.allCases)
    func cachedIsFull(_ positions: MusicTransformerConfiguration.Positions) throws {
        let model = try model(positions)
        let expected = try logits(model, Self.text)
        var state = model.start(rowCount: 1, format: .float32)
        var found: [Float] = []
        for chunk in [[5, 9, 2], [7], [7, 10, 3, 8, 1, 6]] {
            found += try #require(try model.step([chunk], &state, wanting: .allLogits).allLogits).values
        }
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 * max(1, abs($1)) })
        #expect(found.count == expected.count)
    }

    /// Without positions the last token sees those before it as a bag in one layer; with relative ones it does not.
    @Test func orderMattersWhereDistancesDo() throws {
        func single(_ positions: MusicTransformerConfiguration.Positions) throws -> CausalLanguageModel {
            var model = try model(positions)
            model.decoder.layers.removeLast()
            return model
        }
        func distance(_ positions: MusicTransformerConfiguration.Positions) throws -> Float {
            let model = try single(positions)
            let first = try logits(model, [1, 2, 3, 4]).suffix(11)
            let second = try logits(model, [2, 1, 3, 4]).suffix(11)
            return zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) }
        }
        #expect(try distance(.none) < 1e-4)
        #expect(try distance(.relative) > 1e-2)
        #expect(try distance(.absolute) > 1e-2)
    }

    /// Beyond the farthest distance all are one: the first two of five tokens are 3 and more before the last.
    @Test func farIsFar() throws {
        var model = try model(.relative)
        model.decoder.layers.removeLast()
        let first = try logits(model, [1, 2, 3, 4, 5]).suffix(11)
        let second = try logits(model, [2, 1, 3, 4, 5]).suffix(11)
        #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-4 * max(1, abs($1)) })
    }

    @Test func aFolderComesBack() throws {
        let folder = "/tmp/attention-music-transformer-\(UInt64.random(in: 0...UInt64.max))"
        let configuration = Self.configuration(.relative)
        let model = try MusicTransformer.model(configuration, key: RandomKey(seed: 1))
        try MusicTransformer.write(model, configuration, as: .float32, to: folder)
        #expect(try logits(MusicTransformer.read(folder), Self.text) == logits(model, Self.text))
        try MusicTransformer.write(model, configuration, as: .bfloat16, to: folder)
        let rounded = try logits(MusicTransformer.read(folder), Self.text)
        #expect(zip(rounded, try logits(model, Self.text)).allSatisfy { abs($0 - $1) < 0.02 })
        try AtomicFile.write(Array("{}".utf8), to: folder + "/config.json")
        #expect(throws: PretrainedError.self) { try MusicTransformer.read(folder) }
        #expect(throws: PretrainedError.self) { try MusicTransformer.read(folder + "/nowhere") }
    }

    @Test func refusesSizesThatCannotBe() {
        var configuration = Self.configuration(.relative)
        configuration.headCount = 3
        #expect(throws: ConfigurationError("modelSize", expected: "a multiple of 3 heads", found: "8")) {
            try MusicTransformer.model(configuration, key: .blank)
        }
    }
}
