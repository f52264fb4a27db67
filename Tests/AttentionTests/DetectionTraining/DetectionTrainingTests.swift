import Attention
import AttentionFiles
import Foundation
import Testing

/// A detector learns where squares are, and what colour they have.
@Suite struct DetectionTrainingTests {
    /// Pictures of 32 × 24 pixels with one to three red or blue squares on grey.
    static func squares(_ count: Int) throws -> [BoxedPicture] {
        var generator = RandomKey(seed: 11).generator()
        return try (0..<count).map { _ in
            var samples = [UInt8](repeating: 20, count: 32 * 24 * 3)
            let objects = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                let side = Int.random(in: 6...10, using: &generator)
                let (x, y) = (
                    Int.random(in: 0...32 - side, using: &generator), Int.random(in: 0...24 - side, using: &generator)
                )
                let isRed = Bool.random(using: &generator)
                for row in y..<y + side {
                    for column in x..<x + side {
                        let start = (row * 32 + column) * 3
                        samples.replaceSubrange(start..<start + 3, with: isRed ? [220, 40, 40] : [40, 40, 220])
                    }
                }
                let box = PictureBox(left: Double(x), top: Double(y), width: Double(side), height: Double(side))
                return BoxedObject(label: isRed ? "red" : "blue", box: box)
            }
            return BoxedPicture(
                try Image(width: 32, height: 24, channels: .rgb, samples: samples), objects: objects)
        }
    }

    private var settings: DetectionSettings {
        var settings = DetectionSettings()
        (settings.model.convolutionCount, settings.model.channelCount, settings.model.modelSize) = (2, 8, 16)
        (settings.model.encoderLayerCount, settings.model.decoderLayerCount) = (1, 1)
        (settings.model.headCount, settings.model.feedForwardSize) = (2, 16)
        (settings.model.dropout, settings.model.boxSize) = (0, 0.25)
        (settings.pictures.flips, settings.pictures.crop) = (true, 1)
        (settings.training.maximumUpdates, settings.training.validationInterval) = (240, 120)
        (settings.training.peakRate, settings.training.warmup) = (0.01, 5)
        return settings
    }

    @Test func aDetectorLearns() throws {
        try ImageTrainingTests.withFolder { folder in
            let (train, valid) = try BoxedPicture.parted(
                Self.squares(64), holdingOut: 16, key: RandomKey(seed: 1))
            var (prepared, found): (String, [Validation]) = ("", [])
            let training = DetectionTraining(directory: folder, settings: settings)
            try training.run(train: train, valid: valid) {
                switch $0 {
                case .prepared(let preparation): prepared = preparation.data
                case .training(.validation(let validation)): found.append(validation)
                case .training: break
                }
            }
            #expect(prepared.hasSuffix(" objects of 2 classes on 48 pictures, 32 by 24"))
            try #require(found.count == 2)
            #expect(found[1].loss < found[0].loss, "\(found)")
            #expect(found.compactMap { $0.metrics["AP50"] }.max() ?? 0 > 0.25, "\(found)")

            let detector = try Detector(path: folder)
            let judged = try DetectionEvaluation(of: detector, on: valid)
            #expect(judged.labels == ["blue", "red"] && judged.count == 16)
            // What was chosen is what was kept; there, pictures were seen side by side.
            let best = try #require(found.compactMap { $0.metrics["AP"] }.max())
            #expect(abs((judged.score.mean ?? 0) - best) < 1e-3)
            #expect(judged.classScores.count == 2)
            let both = judged.classScores.compactMap(\.atHalf)
            #expect(abs(both.reduce(0, +) / 2 - (judged.score.atHalf ?? 0)) < 1e-9)

            var run = TaskRun(observing: .all)
            var open = detector
            open.threshold = 0
            let objects = try open.detect(valid[0].image, in: &run)
            // Six by eight places, each of which answers; two heads.
            #expect(objects.count == 48)
            #expect(run.attentions[0].layers.map(\.weights.shape) == [[2, 48, 48]])
            #expect(run.attentions[0].places.first == "row 1, column 1")
            let shares = run.attentions[0].layers[0].weights.values
            #expect(abs(shares.prefix(48).reduce(0, +) - 1) < 1e-4)
        }
    }

    @Test func picturesThatDoNotFitAreRefused() throws {
        try ImageTrainingTests.withFolder { folder in
            let pictures = try Self.squares(4)
            let training = DetectionTraining(directory: folder, settings: settings)
            func complaint(_ train: [BoxedPicture], _ valid: [BoxedPicture]) -> String {
                do {
                    try training.run(train: train, valid: valid)
                    return "none"
                } catch { return "\(error)" }
            }
            #expect(complaint([], pictures) == "boxes: expected pictures in the training data, found none")
            #expect(complaint(pictures, []) == "boxes: expected pictures in the validation data, found none")
            let empty = pictures.map { BoxedPicture($0.image, objects: []) }
            #expect(complaint(empty, empty) == "boxes: expected objects on the pictures to learn from, found none")
            let other = BoxedPicture(
                pictures[0].image,
                objects: [BoxedObject(label: "green", box: PictureBox(left: 0, top: 0, width: 1, height: 1))])
            #expect(complaint(pictures, [other]).hasSuffix(", found one of green"))
            let small = try pictures[0].resized(to: ImageSize(height: 12, width: 16))
            #expect(
                complaint(pictures, [small])
                    == "boxes: expected pictures of one size, 32 by 24, found one of 16 by 12")
            #expect {
                try BoxedPicture.parted(pictures, holdingOut: 4, key: .blank)
            } throws: {
                "\($0)" == "boxes: expected more than 4 pictures, so many being held out, found 4; hold fewer out"
            }
        }
    }
}
