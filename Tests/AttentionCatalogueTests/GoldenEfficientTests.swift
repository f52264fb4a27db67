import AttentionCatalogue
import AttentionOperators
import AttentionTestSupport
import Testing

@Suite struct GoldenEfficientTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .efficient)))
    func agrees(_ location: GoldenCaseLocation) throws { try checkGolden(location) }
}
