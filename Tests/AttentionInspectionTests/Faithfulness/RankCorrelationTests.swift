import AttentionInspection
import Testing

@Suite struct RankCorrelationTests {
    /// What scipy 1.17.1 gives: `spearmanr(a, b)[0]`, `kendalltau(a, b)[0]`.
    @Test(
        arguments: [
            ([1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8, 0.6),
            ([0.1, 0.1, 0.4, 0.4, 0.9, 0], [3, 2, 2, 5, 1, 1], 0.060606060606060594, 0.07692307692307693),
            ([1, 2, 3], [3, 2, 1], -1, -1),
            ([0.3, 0.05, 0.05, 0.5, 0.1], [0.2, 0.02, 0.01, 0.9, 0.03], 0.9746794344808963, 0.9486832980505138),
        ] as [([Double], [Double], Double, Double)])
    func numbersAreThoseOfSciPy(_ first: [Double], _ second: [Double], _ rho: Double, _ tau: Double) throws {
        #expect(abs(try #require(RankCorrelation.spearman(first, second)) - rho) < 1e-12)
        #expect(abs(try #require(RankCorrelation.kendall(first, second)) - tau) < 1e-12)
        // It is the same both ways, and only order counts.
        #expect(abs(try #require(RankCorrelation.kendall(second.map { $0 * $0 * $0 }, first)) - tau) < 1e-12)
    }

    @Test func whatIsAllAlikeHasNoOrder() {
        #expect(
            RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil && RankCorrelation.kendall([1, 2], [3, 3]) == nil)
        #expect(RankCorrelation.spearman([], []) == nil && RankCorrelation.kendall([1], [2]) == nil)
    }
}
