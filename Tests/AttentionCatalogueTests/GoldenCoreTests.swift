import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import Testing

/// The cases of the parts and of their combinations. Some are named after what they show, not after their mechanism.
@Suite struct GoldenCoreTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .score)))
    func score(_ location: GoldenCaseLocation) throws { try checkGolden(location) }

    @Test(arguments: GoldenCaseLocation.all(of: names(of: .scope)))
    func scope(_ location: GoldenCaseLocation) throws { try checkGolden(location) }

    @Test(arguments: GoldenCaseLocation.all(of: names(of: .modifier).union(Self.tables)))
    func modifier(_ location: GoldenCaseLocation) throws { try checkGolden(location) }

    @Test(arguments: GoldenCaseLocation.all(of: names(of: .normalizer)))
    func normalizer(_ location: GoldenCaseLocation) throws { try checkGolden(location) }

    @Test(arguments: GoldenCaseLocation.all(of: ["combination", "combined", "gqa", "mqa"]))
    func combination(_ location: GoldenCaseLocation) throws { try checkGolden(location) }

    /// `attend` means what `align` means, whichever kernels it takes: its context and gradients are the case's, too.
    @Test(arguments: GoldenCaseLocation.all(of: Self.compositions))
    func attendAgrees(_ location: GoldenCaseLocation) throws {
        let path = location.folder + "/" + location.name
        let specification = try Specification(contentsOf: path + ".json")
        let file = try SafetensorsFile(path: path + ".safetensors")
        let golden = try GoldenCase(location)
        guard golden.expectedNames.contains("output") else { return }
        let request = try Request(
            Catalogue.complete.entry(named: specification.mechanism), options: specification.options, tensors: file,
            isDifferentiated: true)
        let core = try CoreAttention(request)
        let context = try core.mechanism.attend(core.query, core.memory)
        try golden.compare(context, with: "output")
        guard file.names.filter({ $0.hasPrefix("upstream.") }) == ["upstream.output"] else { return }
        let gradients = context.gradients(upstream: try file.tensor(named: "upstream.output"))
        for (name, leaf) in request.leaves where golden.expectedNames.contains("grad.\(name)") {
            try golden.compare(gradients[leaf] ?? .zeros(leaf.shape), with: "grad.\(name)")
        }
    }

    private static let compositions: Set<String> = [MechanismFamily.score, .scope, .modifier].map(names).reduce(
        ["combination", "combined", "gqa", "mqa", "softmax"]
    ) { $0.union($1) }

    @Test func everyPartHasACase() {
        let families = [MechanismFamily.score, .scope, .modifier, .normalizer].map(names).reduce(Self.tables) {
            $0.union($1)
        }
        let found = GoldenCaseLocation.all(of: families).map { String($0.name.prefix { $0 != "-" }) }
        #expect(families.subtracting(found) == ["query_padding"])
    }

    private static let tables: Set = ["rope_frequencies", "alibi_slopes", "t5_bucket"]
}
