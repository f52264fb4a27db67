import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import Testing

@Suite struct UnfitRequestTests {
    /// Whatever does not fit is refused with a sentence, or computed; nothing traps.
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .vision).union(names(of: .composition))))
    func nothingTraps(_ location: GoldenCaseLocation) throws {
        var generator = RandomKey(seed: location.name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) }).generator()
        var refusals = 0
        for _ in 0..<60 {
            let request = try UnfitRequest(location, using: &generator)
            do {
                _ = try request.specification.compute(request.tensors, in: .complete)
            } catch {
                #expect(error is ShapeError || error is RequestError || error is SafetensorsError, "\(error)")
                refusals += 1
            }
        }
        #expect(refusals > 30)
    }
}
