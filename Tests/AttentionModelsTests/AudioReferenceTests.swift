import AttentionDecoding
import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Models that hear compute what transformers computes; `scripts/make-pretrained-fixtures.py` made the folders.
@Suite struct AudioReferenceTests {
    static let root = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/Audio"

    static func folders() throws -> [String] { try Directory.names(in: root).sorted() }

    @Test(arguments: try folders())
    func outputsAreTheReferences(_ name: String) throws {
        let folder = Self.root + "/" + name
        let model = try PretrainedFolder(path: folder).model()
        let expected = try SafetensorsFile(path: folder + "/expected.safetensors")
        let found = try model.forward(
            SafetensorsFile(path: folder + "/inputs.safetensors"),
            observing: Observation(hiddenStates: true, attentions: .all))
        #expect(found.map(\.name).sorted() == expected.names.sorted())
        for output in found {
            let reference = try expected.tensor(named: output.name)
            try #require(output.tensor.shape == reference.shape, "\(output.name)")
            for (index, (x, y)) in zip(output.tensor.values, reference.values).enumerated() {
                #expect(abs(x - y) <= 1e-5 * (1 + abs(y)), "\(output.name) at \(index): \(x) instead of \(y)")
                guard abs(x - y) <= 1e-5 * (1 + abs(y)) else { break }
            }
        }
    }

    @Test func aRowOfSpectrogramsIsWrittenOf() throws {
        let folder = try PretrainedFolder(path: Self.root + "/whisper")
        let model = try #require(try folder.model().speechModel)
        let inputs = try SafetensorsFile(path: Self.root + "/whisper/inputs.safetensors")
        let found = try model.generate(try model.start(inputs, row: 1), Generation(try folder.generation()))[0][0]
        // The likeliest token that may stand first is what the logits behind the start token say.
        var state = try model.start(inputs, row: 1).state
        let logits = try #require(try model.step([[2]], &state, wanting: .logits).logits)
        let allowed = (0..<60).filter { ![1, 3, 4].contains($0) }
        #expect(found.tokens.first == allowed.max { logits[0, $0] < logits[0, $1] })
        #expect(found.tokens.count <= 23)
    }

    @Test func refusals() throws {
        let model = try #require(try PretrainedFolder(path: Self.root + "/whisper").model().speechModel)
        let bytes = try Safetensors.encoded([Safetensors.Entry("input_features", Tensor.zeros([1, 6, 99]))])
        #expect {
            try model.start(SafetensorsFile(bytes, source: "inputs"), row: 0)
        } throws: {
            "\($0)"
                == "SpectrogramEncoder: expected spectrograms [B, 6, 100], found [1, 6, 99]; fill short ones up with silence"
        }
        #expect {
            try model.start(SafetensorsFile(bytes, source: "inputs"), row: 1)
        } throws: {
            "\($0)"
                == "forward: expected spectrograms [B, bands, frames] with a row 1 as input_features in inputs, found [1, 6, 99]"
        }
        #expect(throws: PretrainedError.hearsOnly) { try model.start([[2]]) }
    }
}
