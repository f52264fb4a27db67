import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// Language models that are trained here with other positions than GPT-2's, and read on beyond the lengths of training.
@Suite struct TrainablePositionsTests {
    private static let text = [5, 9, 12, 7, 7, 2, 3, 18, 11, 6, 15, 4, 4, 19, 0, 8, 1, 16, 10, 13]

    private func start(_ positions: GPT2.Positions) throws -> TrainableModel<CausalLanguageModel> {
        var sizes = GPT2.Sizes()
        (sizes.layerCount, sizes.headCount, sizes.modelSize, sizes.positions) = (2, 2, 16, positions)
        return try TrainableModel(
            sizes, vocabularySize: 20, contextLength: 8, endToken: 0, key: RandomKey(seed: 1))
    }

    /// Makes matrices so large that it matters where a word stands.
    private struct Magnifying: ParameterVisitor {
        mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
            guard parameter.role == .trained, parameter.shape.rank == 2 else { return }
            parameter.withMutableTensor { $0 = $0 * 8 }
        }
    }

    /// A model that tells places apart.
    private func model(_ positions: GPT2.Positions) throws -> CausalLanguageModel {
        var (model, magnifying) = (try start(positions).model, Magnifying())
        model.visit(&magnifying, ParameterPath())
        return model
    }

    /// The folder of such a model, with another `config.json` if there are changes.
    private func withFolder(
        _ positions: GPT2.Positions, _ changes: [(String, String)] = [], _ body: (PretrainedFolder) throws -> Void
    ) throws {
        let path = NSTemporaryDirectory() + "positions-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try start(positions).write(try model(positions), to: path)
        var configuration = String(decoding: try FileContents.read(path + "/config.json"), as: UTF8.self)
        for (old, new) in changes {
            try #require(configuration.contains(old), "\(configuration)")
            configuration = configuration.replacingOccurrences(of: old, with: new)
        }
        try configuration.write(toFile: path + "/config.json", atomically: true, encoding: .utf8)
        try body(try PretrainedFolder(path: path))
    }

    private func isNear(_ one: some Collection<Float>, _ two: some Collection<Float>) -> Bool {
        one.count == two.count && zip(one, two).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + abs($1)) }
    }

    /// What is written is read again, and what was learnt is the same in a longer text, as far as nothing that is later is seen.
    @Test(arguments: GPT2.Positions.allCases) func foldersReadOn(_ positions: GPT2.Positions) throws {
        let expected = try model(positions).logProbabilities(of: Array(Self.text.prefix(8)))
        try withFolder(positions) { folder in
            let model = try folder.languageModel(reading: 8)
            #expect(isNear(try model.logProbabilities(of: Array(Self.text.prefix(8))), expected))
            let longer = try folder.languageModel(reading: 20)
            guard positions != .learned else {
                #expect(throws: PretrainedError.promptTooLong(tokens: 20, limit: 8)) {
                    try longer.logProbabilities(of: Self.text)
                }
                return
            }
            let found = try longer.logProbabilities(of: Self.text)
            #expect(found.count == 19 && found.allSatisfy(\.isFinite))
            #expect(isNear(found.prefix(7), expected))
        }
    }

    /// As transformers knows them.
    @Test func foldersAreThoseOfFamilies() throws {
        for (positions, family) in [
            (.learned, "GPT2LMHeadModel"), (.sinusoidal, "GPT2LMHeadModel"), (.rope, "GPTNeoXForCausalLM"),
            (.alibi, "MptForCausalLM"),
        ] as [(GPT2.Positions, String)] {
            try withFolder(positions) { #expect($0.architecture == family) }
        }
    }

    /// Sinusoids stay as they are, and are as large as words: the mean of their squares is 0.02².
    @Test func sinusoidsAreNotTrained() throws {
        let table = try #require(try start(.sinusoidal).model.decoder.positions?.weight)
        #expect(table.role == .frozen && table.shape == [8, 16])
        let squares = table.tensor.values.reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares / 128 - 4e-4) < 1e-8)
        #expect(try start(.learned).model.decoder.positions?.weight.role == .trained)
        try withFolder(.sinusoidal) { folder in
            let opened = try TrainableModel<CausalLanguageModel>(folder).model
            #expect(opened.decoder.positions?.weight.role == .frozen)
        }
    }

    /// What is stretched when it is read is what a configuration that says so gives.
    @Test(arguments: [RotaryStretch.linear, .yarn]) func stretchedIsConfigured(_ stretch: RotaryStretch) throws {
        var found: [Float] = []
        try withFolder(.rope) { folder in
            let plain = try folder.languageModel(reading: 20).logProbabilities(of: Self.text)
            found = try folder.languageModel(reading: 20, stretching: stretch).logProbabilities(of: Self.text)
            #expect(!isNear(found, plain))
        }
        let changes = [
            (
                "\"rope_type\" : \"default\"",
                "\"rope_type\" : \"\(stretch.rawValue)\", \"factor\" : 2.5, \"original_max_position_embeddings\" : 8"
            ), ("\"max_position_embeddings\" : 8", "\"max_position_embeddings\" : 20"),
        ]
        try withFolder(.rope, changes) { folder in
            let model = try #require(try folder.model().languageModel)
            func logProbabilities<Model: LanguageModel>(_ model: Model) throws -> [Float] {
                try model.logProbabilities(of: Self.text)
            }
            #expect(isNear(found, try logProbabilities(model)))
        }
    }

    /// A larger base is for longer texts alone.
    @Test func theBaseFollowsTheLength() throws {
        try withFolder(.rope) { folder in
            let plain = try folder.languageModel(reading: 20)
            let stretched = try folder.languageModel(reading: 20, stretching: .ntk)
            let short = Array(Self.text.prefix(8))
            #expect(isNear(try stretched.logProbabilities(of: short), try plain.logProbabilities(of: short)))
            #expect(
                !isNear(
                    try stretched.logProbabilities(of: Self.text, chunkLength: 20),
                    try plain.logProbabilities(of: Self.text)))
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        for positions in [GPT2.Positions.learned, .sinusoidal, .alibi] {
            try withFolder(positions) { folder in
                let error = #expect(throws: PretrainedError.self) {
                    try folder.languageModel(reading: 20, stretching: .yarn)
                }
                #expect(
                    error?.description.hasSuffix(
                        "expected model_type to be that of a model with rotary positions, found \(folder.architecture)")
                        == true, "\(String(describing: error))")
            }
        }
        let scaled = "\"rope_type\" : \"linear\", \"factor\" : 2"
        try withFolder(.rope, [("\"rope_type\" : \"default\"", scaled)]) { folder in
            let error = #expect(throws: PretrainedError.self) {
                try folder.languageModel(reading: 20, stretching: .yarn)
            }
            #expect(
                error?.description.hasSuffix(
                    "expected rope_parameters.rope_type to be default before it is stretched, found linear") == true,
                "\(String(describing: error))")
        }
        var sizes = GPT2.Sizes()
        (sizes.modelSize, sizes.headCount, sizes.positions) = (12, 3, .alibi)
        let heads = #expect(throws: ConfigurationError.self) { try sizes.validate() }
        #expect(
            heads?.description == "configuration: expected model.headCount to be a power of two with alibi, found 3")
        (sizes.modelSize, sizes.positions) = (9, .rope)
        let odd = #expect(throws: ConfigurationError.self) { try sizes.validate() }
        #expect(
            odd?.description
                == "configuration: expected model.modelSize to be one of heads of an even size with rope, found heads of 3"
        )
    }
}
