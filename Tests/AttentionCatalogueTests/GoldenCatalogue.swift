import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import FoundationEssentials
import Testing

/// Computes a golden case as its file specifies it, and compares all that is expected.
func checkGolden(_ location: GoldenCaseLocation) throws {
    let path = location.folder + "/" + location.name
    let json = try Data(contentsOf: URL(filePath: path + ".json"))
    let specification = try JSONDecoder().decode(Specification.self, from: json)
    let outputs = try specification.compute(try SafetensorsFile(path: path + ".safetensors"), in: .complete)
    let golden = try GoldenCase(location)
    for name in golden.expectedNames {
        switch try #require(outputs[name], "\(golden.name): no \(name)") {
        case .real(let tensor), .rounded(let tensor, _): try golden.compare(tensor, with: name)
        case .integers(let values, let shape):
            try golden.compare(Tensor(values.map(Float.init), shape: shape), with: name)
        case .truths(let mask):
            #expect(try mask == golden.mask("expected.\(name)"), "\(golden.name) \(name)")
        }
    }
}
