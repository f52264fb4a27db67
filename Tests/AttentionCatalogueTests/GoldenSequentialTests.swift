import AttentionCatalogue
import AttentionOperators
import AttentionTestSupport
import Testing

@Suite struct GoldenSequentialTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .sequential)))
    func agrees(_ location: GoldenCaseLocation) throws { try checkGolden(location) }
}
