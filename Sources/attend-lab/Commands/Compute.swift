import ArgumentParser
import Attention
import AttentionCatalogue
import AttentionCommand
import AttentionOperators

struct Compute: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute attention on tensors from a file, by any mechanism.",
        discussion: """
            The specification is a JSON object with the name of a mechanism and its options, for example \
            {"mechanism": "scaled_dot", "options": {"scopes": [{"kind": "causal"}]}, "expected": ["output", "weights"]}. Inputs and \
            parameters are found in the input file by their names, other tensors there are ignored. All outputs are written, or \
            those that "expected" lists. With --gradients, those of the sum of upstream.X times X over the outputs X are written, \
            too, as grad.query and so on.
            """)

    @Option(help: ArgumentHelp("The tensors to compute with.", valueName: "safetensors"))
    var inputs: String?
    @Option(help: ArgumentHelp("What to compute.", valueName: "json"))
    var spec: String?
    @Option(help: ArgumentHelp("Where the results go.", valueName: "safetensors"))
    var outputs: String?
    @Flag(help: "Compute gradients, too.")
    var gradients = false
    @Option(
        help: """
            How matrix products read their numbers: exact, float32 (within 1e-5), bfloat16 (rounded to 8 bits) or int8 (the \
            weights of linear maps). Sums are in float32 or wider.
            """)
    var precision = Precision.exact
    @Flag(help: "List all mechanisms instead.")
    var list = false
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        guard !list else { return }
        for (name, value) in [("inputs", inputs), ("spec", spec), ("outputs", outputs)] where value == nil {
            throw ValidationError("--\(name): expected a file, found none")
        }
    }

    func run() throws {
        guard let inputs, let spec, let outputs, !list else { return try printMechanisms() }
        threads.apply()
        let specification = try Specification(contentsOf: spec)
        let tensors = try SafetensorsFile(path: inputs)
        let results = try withPrecision(precision) {
            try specification.compute(tensors, withGradients: gradients, in: .complete)
        }
        try Safetensors.write(results.map { try $0.value.entry(named: $0.key) }, to: outputs)
    }

    private func printMechanisms() throws {
        for entry in Catalogue.complete.entries {
            try Results.print("\(entry.name)\t\(entry.family.rawValue)\t\(entry.title)")
        }
    }
}
