import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import FoundationEssentials
import Testing

/// No mechanism leaves the graph in silence: what it computes of tracked tensors is tracked, or known to be a choice that has no derivative.
@Suite struct GraphExitTests {
    /// Outputs of real numbers without a derivative: a choice (1 at the key where a hard monotonic head stops, 0 elsewhere), and the running
    /// statistics by which flash attention keeps its sums in range, which the output does not depend on.
    private static let constants: Set = ["monotonic_hard weights", "flash running_max", "flash running_sum"]

    @Test func outputsAreTracked() throws {
        var untracked: Set<String> = []
        for location in GoldenCaseLocation.all(of: Set(Catalogue.complete.entries.map(\.name))) {
            let path = location.folder + "/" + location.name
            let json = try Data(contentsOf: URL(filePath: path + ".json"))
            var specification = try JSONDecoder().decode(Specification.self, from: json)
            specification.expected = nil
            let mechanism = try Catalogue.complete.entry(named: specification.mechanism)
            let request = try Request(
                mechanism, options: specification.options,
                tensors: try SafetensorsFile(path: path + ".safetensors"), isDifferentiated: true)
            let outputs = try mechanism.compute(request)
            guard !request.leaves.isEmpty else { continue }
            for case (let name, .real(let tensor)) in outputs where !tensor.isTracked {
                untracked.insert("\(specification.mechanism) \(name)")
            }
        }
        #expect(untracked == Self.constants)
    }
}
