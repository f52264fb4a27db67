import AttentionCatalogue
import AttentionOperators
import AttentionTestSupport
import Testing

@Suite struct GoldenHeadsTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .heads)))
    func agrees(_ location: GoldenCaseLocation) throws { try checkGolden(location) }
}
