import AttentionDecoding
import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Generation gives the tokens and scores that transformers gives; `scripts/make-pretrained-fixtures.py` made the cases.
@Suite struct GenerationReferenceTests {
    @Test(arguments: try LanguageModelTests.folders()) func tokensAndScoresAreTheReferences(_ name: String) throws {
        let folder = PretrainedReferenceTests.root + "/" + name
        let model = try #require(try PretrainedFolder(path: folder).model().generator)
        let document = try JSONParser.parse(try FileContents.read(folder + "/generation.json"))
        guard case .object(let members) = document, case .array(let cases)? = members.first?.value else {
            Issue.record("generation.json has no cases")
            return
        }
        #expect(cases.count >= 4)
        for entry in cases {
            let fields = try ConfigurationFields(entry)
            let configuration = try GenerationConfiguration(fields)
            let found = try generated(model, configuration, try fields.integers("input_ids"))
            let sequences = found.map { $0.tokens + ($0.endToken.map { [$0] } ?? []) }
            #expect(sequences == (try fields.integerLists("sequences")), "\(configuration)")
            for (hypothesis, score) in zip(found, try fields.numbers("scores")) {
                let own = configuration.beamSize > 1 ? hypothesis.score : hypothesis.logProbability
                #expect(abs(own - score) < 1e-4 * (1 + abs(score)), "\(configuration)")
            }
        }
    }

    private func generated<Model: GenerativeModel>(
        _ model: Model, _ configuration: GenerationConfiguration, _ prompt: [Int]
    ) throws -> [Hypothesis] {
        try model.generate(try model.start([prompt]), Generation(configuration))[0]
    }

    @Test func aFolderSaysHowItGenerates() throws {
        let text = """
            {"max_length": 18, "min_length": 5, "num_beams": 4, "early_stopping": true, "length_penalty": 2.0, "no_repeat_ngram_size": 3,
             "forced_bos_token_id": 0, "forced_eos_token_id": [2], "bad_words_ids": [[25]], "suppress_tokens": [7, 9], "eos_token_id": [2, 5],
             "begin_suppress_tokens": [8], "decoder_start_token_id": 2, "renormalize_logits": true, "top_k": 0, "do_sample": false,
             "unknown": {}}
            """
        let fields = try ConfigurationFields(JSONParser.parse(Array(text.utf8)))
        let found = try GenerationConfiguration(fields)
        var expected = GenerationConfiguration()
        (expected.lengthLimit, expected.minimumLength, expected.beamSize, expected.ending) = (18, 5, 4, .full)
        (expected.lengthPenalty, expected.repeatedSequenceLength, expected.topK) = (2, 3, nil)
        (expected.forcedFirstToken, expected.forcedLastTokens, expected.badWords) = (0, [2], [[25]])
        (expected.suppressedTokens, expected.suppressedFirstTokens, expected.endTokens) = ([7, 9], [8], [2, 5])
        (expected.startToken, expected.renormalizes) = (2, true)
        #expect(found == expected)
        for (text, sentence) in [
            (
                #"{"early_stopping": "often"}"#,
                "configuration: expected early_stopping to be true, false or never, found often"
            ),
            (
                #"{"eos_token_id": "x"}"#,
                #"configuration: expected eos_token_id to be a list of integers, found the string "x""#
            ),
            (
                #"{"bad_words_ids": [3]}"#,
                "configuration: expected bad_words_ids to be a list of lists of integers, found the number 3"
            ),
        ] {
            let error = #expect(throws: ConfigurationError.self) {
                try GenerationConfiguration(ConfigurationFields(JSONParser.parse(Array(text.utf8))))
            }
            #expect(error?.description == sentence)
        }
    }
}
