import AttentionCatalogue
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

    @Test func everyPartHasACase() {
        let families = [MechanismFamily.score, .scope, .modifier, .normalizer].map(names).reduce(Self.tables) { $0.union($1) }
        let found = GoldenCaseLocation.all(of: families).map { String($0.name.prefix { $0 != "-" }) }
        #expect(families.subtracting(found) == ["query_padding"])
    }

    private static let tables: Set = ["rope_frequencies", "alibi_slopes", "t5_bucket"]
}
