import AttentionDecoding
import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Captions are the tokens that transformers writes, with their scores; `scripts/make-pretrained-fixtures.py` made the cases.
@Suite struct CaptioningTests {
    static func folders() throws -> [String] {
        try VisionReferenceTests.folders().filter {
            Directory.hasFile(VisionReferenceTests.root + "/" + $0 + "/generation.json")
        }
    }

    @Test(arguments: try folders()) func tokensAndScoresAreTheReferences(_ name: String) throws {
        let folder = VisionReferenceTests.root + "/" + name
        let model = try #require(try PretrainedFolder(path: folder).model().captioningModel)
        let inputs = try SafetensorsFile(path: folder + "/inputs.safetensors")
        let document = try JSONParser.parse(try FileContents.read(folder + "/generation.json"))
        guard case .object(let members) = document, case .array(let cases)? = members.first?.value else {
            Issue.record("generation.json has no cases")
            return
        }
        #expect(cases.count >= 6)
        for entry in cases {
            let fields = try ConfigurationFields(entry)
            let configuration = try GenerationConfiguration(fields)
            var start = try model.start(inputs, row: try fields.integer("row"))
            start.prompts = [try fields.integers("decoder_input_ids")]
            let found = try model.generate(start, Generation(configuration))[0]
            let sequences = found.map { $0.tokens + ($0.endToken.map { [$0] } ?? []) }
            #expect(sequences == (try fields.integerLists("sequences")), "\(configuration)")
            for (hypothesis, score) in zip(found, try fields.numbers("scores")) {
                let own = configuration.beamSize > 1 ? hypothesis.score : hypothesis.logProbability
                #expect(abs(own - score) < 1e-4 * (1 + abs(score)), "\(configuration)")
            }
        }
    }

    /// Steps with what is remembered give what is computed from all at once.
    @Test(arguments: try folders()) func stepsAreOnePass(_ name: String) throws {
        let folder = VisionReferenceTests.root + "/" + name
        let model = try #require(try PretrainedFolder(path: folder).model().captioningModel)
        let inputs = try SafetensorsFile(path: folder + "/inputs.safetensors")
        let images = try inputs.tensor(named: "pixel_values").sliced(axis: 0, 0..<1)
        let tokens = [3, 7, 12, 9]
        let whole = try model.decoder.logits(
            try model.trace(images, try TokenBatch([tokens], padding: 0)).decoded.last)
        var state = try model.start(images).state
        for (place, token) in tokens.enumerated() {
            let logits = try #require(try model.step([[token]], &state, wanting: .logits).logits)
            let expected = try whole.at(0).at(place).values
            #expect(zip(logits.values, expected).allSatisfy { abs($0 - $1) < 1e-4 * (1 + abs($1)) }, "\(place)")
        }
    }

    @Test func aFolderSaysHowCaptionsBeginAndEnd() throws {
        func generation(_ name: String) throws -> GenerationConfiguration {
            try PretrainedFolder(path: VisionReferenceTests.root + "/" + name).generation()
        }
        let blip = try generation("blip")
        #expect(blip.startToken == 28 && blip.endTokens == [29])
        let other = try generation("vit-gpt2")
        #expect(other.startToken == 3 && other.endTokens == [2])
    }

    @Test func tokensAreNoPicture() throws {
        let model = try #require(
            try PretrainedFolder(path: VisionReferenceTests.root + "/vit-gpt2").model().generator)
        func start<Model: GenerativeModel>(_ model: Model) throws { _ = try model.start([[1, 2]]) }
        let error = #expect(throws: PretrainedError.self) { try start(model) }
        #expect(error?.description.contains("expected pixel_values") == true)
    }
}
