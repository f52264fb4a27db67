import AttentionCatalogue
import AttentionOperators
import AttentionTestSupport
import Testing

@Suite struct GoldenRelativeHeadsTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .relativeHeads)))
    func agrees(_ location: GoldenCaseLocation) throws { try checkGolden(location) }
}
