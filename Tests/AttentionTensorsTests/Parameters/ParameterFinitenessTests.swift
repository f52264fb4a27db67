import AttentionTensors
import Testing

/// The first number that is none is found wherever it stands, in every format.
@Suite struct ParameterFinitenessTests {
    @Test(arguments: [Float.nan, .infinity, -.infinity], Parameter.Format.allCases)
    func isFound(_ value: Float, _ format: Parameter.Format) throws {
        for (count, place) in [(1, 0), (7, 6), (200_000, 131_072), (200_000, 199_999)] {
            var numbers = (0..<count).map { Float($0 % 13) - 6 }
            let clean = Parameter(try Tensor(numbers, shape: [count, 1])).stored(as: format)
            #expect(clean.firstNonFinite() == nil)
            guard format != .int8 else { continue }
            numbers[place] = value
            let found = Parameter(try Tensor(numbers, shape: [count, 1])).stored(as: format).firstNonFinite()
            #expect(found?.index == [place, 0])
            #expect(found.map { $0.value == value || $0.value.isNaN && value.isNaN } == true)
        }
        #expect(Parameter(Tensor.zeros([0])).firstNonFinite() == nil)
    }
}
