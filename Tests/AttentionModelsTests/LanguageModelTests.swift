import AttentionDecoding
import AttentionFiles
import AttentionMechanisms
import AttentionModels
import AttentionTensors
import Testing

/// What holds for every family of language models: however a text is cut, batched or searched, it is the same text.
@Suite struct LanguageModelTests {
    static func folders() throws -> [String] {
        try PretrainedReferenceTests.folders().filter {
            Directory.hasFile(PretrainedReferenceTests.root + "/" + $0 + "/generation.json")
        }
    }

    private func model(_ name: String) throws -> any LanguageModel {
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + name)
        return try #require(try folder.model().languageModel)
    }

    /// What `forward` says of one row.
    private func logits(_ model: any LanguageModel, _ tokens: [Int]) throws -> Tensor {
        let bytes = try Safetensors.encoded([Safetensors.Entry("input_ids", tokens, shape: [1, tokens.count])])
        return try model.forward(SafetensorsFile(bytes, source: "inputs"), observing: .nothing)[0].tensor
    }

    private static let text = [5, 9, 12, 7, 7, 20, 3, 28, 11, 6, 15]

    /// Read at once, in chunks or one by one. With LongRoPE the text as a whole says how keys are turned, so only its end can be compared;
    /// with dynamic scaling the reference, too, keeps keys as they were turned when they were new.
    @Test(arguments: try folders().filter { $0 != "llama-dynamic" }) func cachedIsFull(_ name: String) throws {
        func check<Model: LanguageModel>(_ model: Model, _ cuts: [Int]) throws {
            let expected = try logits(model, Self.text)
            var state = model.start(rowCount: 1, format: .float32)
            var (found, first) = ([Float](), 0)
            for count in cuts {
                let chunk = Array(Self.text[first..<first + count])
                let step = try model.step([chunk], &state, wanting: [.allLogits, .logits])
                found += try #require(step.allLogits).values
                #expect(step.logits?.values == step.allLogits.map { Array($0.values.suffix(30)) })
                first += count
            }
            #expect(state.lengths == [Self.text.count])
            let compared = name == "phi3" ? 30 : found.count
            for (x, y) in zip(found.suffix(compared), expected.values.suffix(compared)) {
                #expect(abs(x - y) < 1e-4 * (1 + abs(y)))
            }
        }
        let model = try model(name)
        for cuts in [[11], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [4, 7], [9, 2]] { try check(model, cuts) }
    }

    /// Rows of different lengths side by side, dropped and repeated.
    @Test(arguments: try folders().filter { $0 != "llama-dynamic" && $0 != "phi3" })
    func aBatchIsItsRows(_ name: String) throws {
        func check<Model: LanguageModel>(_ model: Model) throws {
            let rows = [[5, 9, 12, 7], [4], [20, 3, 8, 8, 8, 8]]
            var state = model.start(rowCount: 3, format: .float32)
            _ = try model.step(rows, &state, wanting: .logits)
            state = try state.selecting([2, 0, 0])
            let step = try model.step([[1, 2], [9], [6, 6, 6]], &state, wanting: .logits)
            let found = try #require(step.logits).values
            for (row, text) in [rows[2] + [1, 2], rows[0] + [9], rows[0] + [6, 6, 6]].enumerated() {
                let alone = try logits(model, text).values.suffix(30)
                for (x, y) in zip(found[row * 30..<(row + 1) * 30], alone) { #expect(abs(x - y) < 1e-4 * (1 + abs(y))) }
            }
        }
        try check(try model(name))
    }

    @Test(arguments: try folders().filter { $0 != "llama-dynamic" }) func whatIsTakenBackWasNeverRead(_ name: String)
        throws
    {
        func check<Model: LanguageModel>(_ model: Model) throws {
            var state = model.start(rowCount: 1, format: .float32)
            _ = try model.step([[5, 9, 12, 7]], &state, wanting: .logits)
            _ = try model.step([[3, 3, 3, 3, 3]], &state, wanting: .logits)
            try state.truncate(to: [4])
            let step = try model.step([[20]], &state, wanting: .logits)
            let alone = try logits(model, [5, 9, 12, 7, 20]).values.suffix(30)
            for (x, y) in zip(try #require(step.logits).values, alone) { #expect(abs(x - y) < 1e-4 * (1 + abs(y))) }
        }
        try check(try model(name))
    }

    @Test(arguments: try folders()) func aBeamOfOneIsGreedy(_ name: String) throws {
        func check<Model: LanguageModel>(_ model: Model) throws {
            var configuration = GenerationConfiguration()
            (configuration.newTokenLimit, configuration.endTokens) = (8, [4])
            let greedy = try model.generate(try model.start([[5, 9, 12]]), Generation(configuration))[0]
            let beam = try BeamSearch(
                beamSize: 1, lengthNormalization: .none, ending: .unlikely, tokens: TokenRules(endTokens: [4])
            )
            .search(model, from: model.start(rowCount: 1, format: .float32), prompts: [[5, 9, 12]], stepLimits: [8])[0]
            #expect(greedy.map(\.tokens) == beam.map(\.tokens))
            #expect(greedy.map(\.endToken) == beam.map(\.endToken))
        }
        try check(try model(name))
    }

    @Test func aTextIsScoredAsItWouldBeWritten() throws {
        for name in ["gpt2", "gemma2"] {
            let model = try model(name)
            let whole = try logits(model, Self.text).squeezed(axis: 0).logSoftmax()
            let expected = Self.text.indices.dropFirst().map { whole[$0 - 1, Self.text[$0]] }
            for length in [1, 4, 128] {
                let found = try model.logProbabilities(of: Self.text, chunkLength: length)
                #expect(found.count == expected.count)
                for (x, y) in zip(found, expected) { #expect(abs(x - y) < 1e-4) }
            }
            #expect(try model.logProbabilities(of: [3]).isEmpty)
        }
    }

    /// Also through a model that wraps it.
    @Test(arguments: [(PageFormat.bfloat16, 0.02), (.int8, 0.05)])
    func fewerBitsRememberNearlyTheSame(_ format: PageFormat, _ tolerance: Double) throws {
        func check<Model: LanguageModel>(_ model: Model) throws {
            let compact = CompactMemory(model, format)
            let anticipating = try AnticipatingModel(compact, drafter: NoDrafter())
            #expect(try anticipating.start([[5]]).state.format == format)
            #expect(try model.start([[5]]).state.format == .float32)
            #expect(compact.heads == model.heads && anticipating.heads == model.heads)
            var (exact, rounded) = (model.start(rowCount: 1), compact.start(rowCount: 1))
            var (greatest, difference) = (0.0, 0.0)
            for token in Self.text {
                let expected = try #require(try model.step([[token]], &exact, wanting: .logits).logits).values
                let found = try #require(try compact.step([[token]], &rounded, wanting: .logits).logits).values
                for (x, y) in zip(found, expected) {
                    difference = max(difference, Double(abs(x - y)))
                    greatest = max(greatest, Double(abs(y)))
                }
            }
            #expect(difference > 0)
            #expect(difference < tolerance * greatest)
            #expect(rounded.byteCount * 2 <= exact.byteCount)
        }
        try check(try model("gpt2"))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let gpt2 = try model("gpt2")
        let long = [Int](repeating: 5, count: 33)
        var error = #expect(throws: PretrainedError.self) { try gpt2.logProbabilities(of: long) }
        let sentence = """
            generate: expected a text of fewer than 33 tokens, for which the model was made, with what follows it, found 33; shorten it
            """
        #expect(error?.description == sentence)
        func generate<Model: LanguageModel>(_ model: Model, _ prompt: [Int]) throws -> [[Hypothesis]] {
            try model.generate(try model.start([prompt]), Generation(GenerationConfiguration()))
        }
        error = #expect(throws: PretrainedError.self) { _ = try generate(gpt2, long) }
        error = #expect(throws: PretrainedError.self) { _ = try generate(gpt2, []) }
        #expect(error == .nothingToBeginWith)
        #expect(throws: SearchError.self) { _ = try generate(gpt2, [30]) }
        // Nothing is written beyond the context.
        #expect(try generate(gpt2, [Int](repeating: 5, count: 30))[0][0].tokens.count == 2)
    }
}
