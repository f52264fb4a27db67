import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// Models of pictures as they are before training; that they compute what they should is told by `VisionReferenceTests`.
@Suite struct ImageArchitectureTests {
    private static let size = ImageSize(height: 28, width: 28)
    private static let labels = (0..<10).map { "\($0)" }

    /// CCT-2/3×2 has 0.28 million parameters for pictures of 32 × 32 (Hassani et al. 2021, table 1).
    @Test func sizesAreThoseOfThePaper() throws {
        let cct = try CCT.Sizes().trainable(
            imageSize: ImageSize(height: 32, width: 32), labels: Self.labels, key: RandomKey(seed: 1))
        // Convolutions, places, two layers, the norm, what pools, the map to classes.
        let layer = 4 * 128 + 3 * 128 * 128 + 128 * 128 + 128 + 2 * (128 * 128 + 128)
        #expect(
            cct.model.parameterCount == 27 * 64 + 9 * 64 * 128 + 64 * 128 + 2 * layer + 256 + 128 + 1290)
        #expect(abs(Double(cct.model.parameterCount) / 1e6 - 0.28) < 0.005)
    }

    @Test(arguments: ImageArchitectures.names)
    func whatIsWrittenIsReadAgain(_ name: String) throws {
        let folder = NSTemporaryDirectory() + "images-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sizes = try #require(ImageArchitectures.named(name))
        let start = try sizes.trainable(imageSize: Self.size, labels: Self.labels, key: RandomKey(seed: 1))
        let again = try sizes.trainable(imageSize: Self.size, labels: Self.labels, key: RandomKey(seed: 1))
        #expect(
            zip(start.model.parameters(), again.model.parameters()).allSatisfy {
                $0.parameter.tensor.values == $1.parameter.tensor.values
            })
        try start.write(start.model, to: folder)
        let model = try #require(try PretrainedFolder(path: folder).model().imageModel)
        #expect(model.head.labels == Self.labels)
        let images = Tensor.normal([2, 3, 28, 28], key: RandomKey(seed: 2))
        let encoded = try model.encoder.encode(images, observing: Observation(attentions: .all))
        let logits = try model.head.outputs(encoded.last)[0].tensor
        let expected = try start.model.head.outputs(start.model.encoder.encode(images).last)[0].tensor
        #expect(logits.shape == [2, 10] && logits.values == expected.values)
        let looks = try model.attentions(encoded, of: .all)
        #expect(looks.map(\.layer) == Array(0..<model.layerCount))
        let places = try #require(model.encoder.placeNames(height: 28, width: 28)).count
        for look in looks { #expect(look.weights.shape[3] == places) }
        #expect((model.encoder.lookingNames(height: 28, width: 28) == nil) == ["cnn", "cnn-se"].contains(name))
    }

    /// What a head reads of places sums to 1; what blocks let through of each lies between 0 and 1.
    @Test func looksAreShares() throws {
        let images = Tensor.normal([1, 3, 28, 28], key: RandomKey(seed: 2))
        let cct = try CCT.Sizes().trainable(imageSize: Self.size, labels: Self.labels, key: RandomKey(seed: 1)).model
        let looks = try cct.attentions(
            cct.encoder.encode(images, observing: Observation(attentions: .all)), of: .all)
        #expect(looks.map { $0.weights.shape } == [[1, 2, 49, 49], [1, 2, 49, 49], [1, 1, 1, 49]])
        #expect(abs(looks[2].weights.values.reduce(0, +) - 1) < 1e-5)
        let only = AttentionSelection(layers: [2])
        #expect(
            try cct.attentions(cct.encoder.encode(images, observing: Observation(attentions: only)), of: only)
                .map(\.layer) == [2])
        let cnn = try AttentiveCNN.Sizes(attention: .spatial)
            .trainable(imageSize: Self.size, labels: Self.labels, key: RandomKey(seed: 1)).model
        let gates = try cnn.encoder.encode(images, observing: Observation(attentions: .all)).attentions
        #expect(gates.map { $0.weights.shape } == [[1, 1, 1, 784], [1, 1, 1, 784], [1, 1, 1, 784]])
        #expect(gates.allSatisfy { $0.weights.values.allSatisfy { (0...1).contains($0) } })
        // A place of the last block covers four by four of the picture's.
        let last = gates[2].weights.values
        #expect(last[0] == last[3] && last[0] == last[3 * 28 + 3] && last[0] != last[4])
    }

    @Test func sizesThatCannotBeAreRefused() {
        func complaint(_ sizes: some ImageArchitecture) -> String {
            do {
                _ = try sizes.trainable(imageSize: Self.size, labels: Self.labels, key: .blank)
                return "none"
            } catch { return "\(error)" }
        }
        var cct = CCT.Sizes()
        cct.headCount = 3
        #expect(complaint(cct) == "configuration: expected model.modelSize to be a multiple of 3 heads, found 128")
        cct = CCT.Sizes()
        cct.kernelSize = 4
        #expect(complaint(cct) == "configuration: expected model.kernelSize to be odd, found 4")
        var vit = ViT.Sizes()
        vit.patchSize = 30
        #expect(complaint(vit) == "configuration: expected image_size to be at least a patch of 30 × 30, found 28 × 28")
        var cnn = AttentiveCNN.Sizes()
        cnn.channelCount = 12
        #expect(complaint(cnn) == "configuration: expected model.channelCount to be a multiple of 8, found 12")
    }
}
