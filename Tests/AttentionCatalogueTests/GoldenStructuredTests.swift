import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTestSupport
import Testing

@Suite struct GoldenStructuredTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .structured)))
    func agrees(_ location: GoldenCaseLocation) throws { try checkGolden(location) }
}

/// The mechanisms of a family.
func names(of family: MechanismFamily) -> Set<String> {
    Set(Catalogue.complete.entries.filter { $0.family == family }.map(\.name))
}
