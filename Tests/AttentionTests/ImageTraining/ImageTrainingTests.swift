import Attention
import AttentionFiles
import Foundation
import Testing

/// Models learn from pictures which class they are of.
@Suite struct ImageTrainingTests {
    /// Stripes that lie or stand, each of another width, phase and lightness.
    static func stripes(_ count: Int, size: Int = 12) throws -> [LabeledPicture] {
        var generator = RandomKey(seed: 7).generator()
        return try (0..<count).map { index in
            let (period, phase) = (Int.random(in: 2...4, using: &generator), Int.random(in: 0..<4, using: &generator))
            let light = UInt8.random(in: 120...255, using: &generator)
            let samples = (0..<size * size).map { pixel -> UInt8 in
                let place = index % 2 == 0 ? pixel / size : pixel % size
                return (place + phase) / period % 2 == 0 ? light : 20
            }
            return LabeledPicture(
                try Image(width: size, height: size, channels: .grey, samples: samples),
                label: index % 2 == 0 ? "lying" : "standing")
        }
    }

    static func withFolder(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "images-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func settings<Model: ImageArchitecture>(_ model: Model) -> ImageSettings<Model> {
        var settings = ImageSettings(model: model)
        (settings.pictures.batchSize, settings.pictures.shift, settings.pictures.smoothing) = (8, 1, 0)
        (settings.training.maximumUpdates, settings.training.validationInterval) = (40, 20)
        (settings.training.peakRate, settings.training.warmup) = (0.01, 5)
        return settings
    }

    private func learns(_ architecture: some ImageArchitecture, updateCount: Int = 40) throws {
        try Self.withFolder { folder in
            let pictures = try Self.stripes(96)
            let (train, valid) = try LabeledPicture.parted(pictures, holdingOut: 32, key: RandomKey(seed: 1))
            #expect(train.count == 64 && valid.count == 32)
            var (prepared, found): (String, [Double]) = ("", [])
            var settings = settings(architecture)
            (settings.training.maximumUpdates, settings.training.validationInterval) = (updateCount, updateCount / 2)
            try ImageTraining(directory: folder, settings: settings).run(train: train, valid: valid) {
                switch $0 {
                case .prepared(let preparation): prepared = preparation.data
                case .training(.validation(let validation)): found.append(validation.metrics["accuracy"] ?? 0)
                case .training: break
                }
            }
            #expect(prepared == "64 pictures of 2 classes, 12 by 12")
            #expect(found.count == 2 && found.max() ?? 0 > 0.9, "\(found)")
            let labeler = try ImageLabeler(path: folder)
            #expect(labeler.labels == ["lying", "standing"])
            let judged = try ClassEvaluation(of: labeler, on: valid, batchSize: 10)
            #expect(judged.count == 32 && abs(judged.accuracy - (found.max() ?? 0)) < 1e-9)
            #expect(judged.recall.compactMap(\.self).count == 2)
        }
    }

    @Test func aCompactTransformerLearns() throws {
        var sizes = CCT.Sizes()
        (sizes.modelSize, sizes.feedForwardSize, sizes.convolutionSize) = (16, 16, 8)
        try learns(sizes)
    }

    @Test func aVisionTransformerLearns() throws {
        var sizes = ViT.Sizes()
        (sizes.layerCount, sizes.headCount, sizes.modelSize, sizes.feedForwardSize) = (1, 2, 16, 16)
        (sizes.patchSize, sizes.dropout) = (4, 0)
        try learns(sizes, updateCount: 160)
    }

    @Test(arguments: BlockAttention.Kind.allCases)
    func convolutionsLearn(_ attention: BlockAttention.Kind) throws {
        var sizes = AttentiveCNN.Sizes(attention: attention)
        (sizes.channelCount, sizes.blockCount, sizes.kernelSize) = (8, 2, 3)
        try learns(sizes)
    }

    @Test func pictureAugmentationsAreAsAsked() throws {
        let picture = try Self.stripes(1)[0].image
        var settings = PictureSettings()
        (settings.flips, settings.shift) = (false, 0)
        let none = PictureAugmentation(settings: settings)
        #expect(try none(picture, key: RandomKey(seed: 1)) == picture)
        (settings.flips, settings.shift, settings.crop) = (true, 3, 0.3)
        let all = PictureAugmentation(settings: settings)
        let made = try (0..<20).map { try all(picture, key: RandomKey(seed: 1)[$0]) }
        #expect(made.allSatisfy { $0.width == 12 && $0.height == 12 } && Set(made).count > 10)
        #expect(try all(picture, key: RandomKey(seed: 1)[3]) == made[3])
    }

    @Test func statisticsAreThoseOfAllPixels() throws {
        let pictures = [
            try Image(width: 1, height: 2, channels: .rgb, samples: [0, 10, 255, 255, 10, 0]),
            try Image(width: 2, height: 1, channels: .grey, samples: [255, 0]),
        ]
        let found = PictureStatistics(pictures)
        #expect(abs(found.mean[0] - 0.5) < 1e-9 && abs(found.deviation[0] - 0.5) < 1e-9)
        let green: Double = 275.0 / 4 / 255
        #expect(abs(found.mean[1] - green) < 1e-9)
        let processor = try ImageProcessor(configuration: found.processor(of: ImageSize(height: 3, width: 5)))
        let planes = try processor(pictures[0])
        #expect(planes.height == 3 && planes.width == 5)
        #expect(abs(planes.values[0] - -1) < 1e-5)
        let even = try Image(width: 1, height: 1, channels: .grey, samples: [9])
        #expect(PictureStatistics([even]).deviation == [1, 1, 1])
    }

    @Test func picturesThatDoNotFitAreRefused() throws {
        try Self.withFolder { folder in
            let pictures = try Self.stripes(8)
            var sizes = AttentiveCNN.Sizes()
            (sizes.channelCount, sizes.blockCount) = (8, 1)
            let training = ImageTraining(directory: folder, settings: settings(sizes))
            func complaint(_ train: [LabeledPicture], _ valid: [LabeledPicture]) -> String {
                do {
                    try training.run(train: train, valid: valid)
                    return "none"
                } catch { return "\(error)" }
            }
            #expect(
                complaint(pictures.filter { $0.label == "lying" }, pictures)
                    == "images: expected pictures of two classes or more, found lying alone")
            #expect(complaint(pictures, []).contains("found no picture"))
            #expect(complaint([], pictures).contains("the training data"))
            #expect(
                complaint(pictures, [LabeledPicture(pictures[0].image, label: "round")])
                    == "images: expected pictures of the classes lying, standing, found one of round")
            #expect(
                complaint(pictures, try Self.stripes(2, size: 10))
                    == "images: expected pictures of one size, 12 by 12, found one of 10 by 10")
            #expect {
                try LabeledPicture.parted(pictures, holdingOut: 8, key: .blank)
            } throws: {
                "\($0)" == "images: expected more than 8 pictures, so many being held out, found 8; hold fewer out"
            }
        }
    }
}
