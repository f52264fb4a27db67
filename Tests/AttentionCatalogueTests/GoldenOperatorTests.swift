import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import Testing

@Suite struct GoldenOperatorTests {
    @Test(arguments: GoldenCaseLocation.onnx) func agrees(_ location: GoldenCaseLocation) throws {
        let path = location.folder + "/" + location.name
        let specification = try Specification(contentsOf: path + ".json")
        let outputs = try specification.compute(
            SafetensorsFile(path: path + ".safetensors"), withGradients: false, in: .complete)
        let golden = try GoldenCase(location)
        for name in golden.expectedNames {
            let output = try #require(outputs[name], "\(golden.name): no \(name)")
            guard case .rounded(let tensor, let type) = output else {
                Issue.record("\(golden.name) \(name): expected numbers")
                continue
            }
            #expect(try type == golden.elementType(of: name), "\(golden.name) \(name)")
            try golden.compare(tensor, with: name)
        }
    }

    @Test func everyOperatorHasACase() throws {
        let found = Set(
            try GoldenCaseLocation.onnx.map { location in
                try Specification(contentsOf: location.folder + "/" + location.name + ".json").mechanism
            })
        #expect(names(of: .operators).subtracting(found).isEmpty)
    }
}
