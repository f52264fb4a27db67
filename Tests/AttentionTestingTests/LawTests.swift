import AttentionMechanisms
import AttentionTensors
import AttentionTesting
import Testing

@Suite struct LawTests {
    @Test func partsOfTheLibraryObey() throws {
        try ScoreLaws(ScaledDotScore.scaledDot, querySize: 4, keySize: 4).checkAll()
        try NormalizerLaws(SoftmaxNormalizer.softmax).checkAll()
        let causal = ScopeLaws(CausalScope.causal)
        try causal.checkDefinition { _, p, j in j <= p }
        try causal.checkRegionIsItsMask()
    }

    @Test func aScoreThatSeesOtherKeysIsFound() throws {
        struct Centred: Score {
            func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
                try matmul(query, (keys - (try keys.sliced(axis: 2, 0..<1))).transposed())
            }
        }
        let laws = ScoreLaws(Centred(), querySize: 4, keySize: 4)
        #expect(throws: LawViolation.self) { try laws.checkKeysStandAlone() }
        #expect(throws: LawViolation.self) { try laws.checkAll() }
    }

    @Test func aWrongPromiseToKernelsIsFound() throws {
        struct Halved: Score {
            func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
                try matmul(query, keys.transposed()) * 0.5
            }
            func innerProductScale(size: Int) -> Float? { 1 }
        }
        #expect(throws: LawViolation.self) { try ScoreLaws(Halved(), querySize: 4, keySize: 4).checkInnerProduct() }
    }

    @Test func aNormalizerThatIgnoresItsMaskIsFound() throws {
        struct Blind: Normalizer {
            func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor { try scores.softmax() }
        }
        #expect(throws: LawViolation.self) { try NormalizerLaws(Blind()).checkWeights() }
        #expect(throws: LawViolation.self) { try NormalizerLaws(Blind()).checkForbiddenScoresDoNotLeak() }
    }

    @Test func aScopeIsHeldToItsDefinition() throws {
        let violation = #expect(throws: LawViolation.self) {
            try ScopeLaws(CausalScope.causal).checkDefinition { _, p, j in j < p }
        }
        #expect(
            violation?.description
                == "expected that the region is its definition, found query 0 at 3 seeing key 3")
    }
}
