import AttentionCatalogue
import AttentionOperators
import AttentionTestSupport
import Testing

@Suite struct GoldenCompositionTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .composition)))
    func agrees(_ location: GoldenCaseLocation) throws { try checkGolden(location) }
}
