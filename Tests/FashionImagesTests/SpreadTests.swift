import FashionImages
import Testing

@Suite struct SpreadTests {
    @Test func meanAndDeviation() {
        #expect(Spread([0.5]).description == "50.0 %")
        #expect(Spread([0.9, 0.92, 0.94]).description == "92.0 % ± 2.0")
        #expect(Spread([0.25, 0.75]).mean == 0.5)
    }
}
