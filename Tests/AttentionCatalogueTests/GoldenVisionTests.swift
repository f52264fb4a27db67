import AttentionCatalogue
import AttentionOperators
import AttentionTestSupport
import Testing

@Suite struct GoldenVisionTests {
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .vision)))
    func agrees(_ location: GoldenCaseLocation) throws { try checkGolden(location) }
}
