import Attention
import LongDocuments
import Testing

@Suite struct LongDocumentsTests {
    /// A window that is wider than the document sees all of it, and what is recomputed is what was kept.
    @Test func allWaysAreTheSameForAShortDocument() throws {
        let document = DocumentModel.document(100, key: RandomKey(seed: 3))
        var losses: [Float] = []
        var gradients: [[Float]] = []
        for view in DocumentModel.View.allCases {
            for activations in Activations.allCases {
                let model = DocumentModel(view, layerCount: 2, key: RandomKey(seed: 1)).tracked()
                let loss = try withActivations(activations) { try model.loss(document) }
                losses.append(loss.scalar)
                let found = try loss.gradients()
                gradients.append(
                    try model.parameters().flatMap { try #require(found[$0.1.tensor], "\($0.0)").values })
            }
        }
        #expect(losses.allSatisfy { abs($0 - losses[0]) < 1e-5 * losses[0] }, "\(losses)")
        let greatest = gradients[0].map(abs).max() ?? 0
        for other in gradients.dropFirst() {
            #expect(zip(other, gradients[0]).allSatisfy { abs($0 - $1) < 1e-5 * greatest })
        }
    }
}
