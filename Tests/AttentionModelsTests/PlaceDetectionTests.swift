import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// A detector as it is before training; that it computes what it should is told by `VisionReferenceTests`.
@Suite struct PlaceDetectionTests {
    private static let labels = ["Platelets", "RBC", "WBC"]

    @Test func whatIsWrittenIsReadAgain() throws {
        let folder = NSTemporaryDirectory() + "detector-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let start = try PlaceDETR.Sizes().trainable(labels: Self.labels, key: RandomKey(seed: 1))
        try start.write(start.model, to: folder)
        let model = try #require(try PretrainedFolder(path: folder).model().detectingModel)
        #expect(model.labels == Self.labels && model.layerCount == 2 && model.headCount == 4)
        let images = Tensor.normal([2, 3, 48, 64], key: RandomKey(seed: 2))
        let (found, expected) = (
            try model.find(images, present: nil, observing: .none), try start.model(images).found
        )
        #expect(found.scores.shape == [2, 48, 3] && found.scores.values == expected.scores.values)
        #expect(found.boxes.values == expected.boxes.values && found.attentions.isEmpty)
    }

    /// Before training, each place has a box around itself, and hardly believes in anything.
    @Test func boxesBeginWherePlacesAre() throws {
        let model = try PlaceDETR.Sizes().trainable(labels: Self.labels, key: RandomKey(seed: 1)).model
        let found = try model.find(
            Tensor.normal([1, 3, 16, 24], key: RandomKey(seed: 2)), present: nil, observing: .all)
        #expect(found.grid == ImageSize(height: 2, width: 3))
        let expected: [Float] = [
            1.0 / 6, 0.25, 0.15, 0.15, 0.5, 0.25, 0.15, 0.15, 5.0 / 6, 0.25, 0.15, 0.15,
            1.0 / 6, 0.75, 0.15, 0.15, 0.5, 0.75, 0.15, 0.15, 5.0 / 6, 0.75, 0.15, 0.15,
        ]
        for (x, y) in zip(found.boxes.values, expected) { #expect(abs(x - y) < 0.02, "\(x) instead of \(y)") }
        #expect(found.scores.values.allSatisfy { $0 > 0.002 && $0 < 0.05 }, "\(found.scores.values)")
        #expect(found.attentions.map(\.weights.shape) == [[1, 4, 6, 6], [1, 4, 6, 6]])
        // Less than 2 MB in float32, so that a trained one can lie beside its program.
        #expect(model.parameterCount < 500_000)
    }

    @Test func sizesThatCannotBeAreRefused() {
        func complaint(_ change: (inout PlaceDETR.Sizes) -> Void) -> String {
            var sizes = PlaceDETR.Sizes()
            change(&sizes)
            do {
                _ = try sizes.trainable(labels: Self.labels, key: .blank)
                return "none"
            } catch { return "\(error)" }
        }
        #expect(
            complaint { $0.modelSize = 84 } == "configuration: expected model.modelSize to be a multiple of 8, found 84"
        )
        #expect(
            complaint { $0.headCount = 3 }
                == "configuration: expected model.modelSize to be a multiple of 3 heads, found 80")
        #expect(
            complaint { $0.boxSize = 1 } == "configuration: expected model.boxSize to be above 0 and below 1, found 1.0"
        )
        #expect(
            complaint { $0.convolutionCount = 0 }
                == "configuration: expected model.convolutionCount to be from 1 to 6, found 0")
    }

    @Test func picturesThatAreFilledUpAreRefused() throws {
        let model = try PlaceDETR.Sizes().trainable(labels: Self.labels, key: RandomKey(seed: 1)).model
        #expect {
            try model.find(.zeros([1, 3, 8, 8]), present: [Bool](repeating: false, count: 64), observing: .none)
        } throws: {
            "\($0)".hasPrefix("PlaceDetectionModel: expected pictures of one size, found some that are filled up")
        }
    }
}
