package import AttentionSignals
package import AttentionTensors
package import AttentionTraining
package import SharedPictures

/// What a teller is to tell of: where its pictures come from, and which words it needs.
package protocol CaptionTask: Sendable {
    /// What is learnt from.
    associatedtype Batches: BatchSource where Batches.Batch == [CaptionedPicture]
    /// The words of its captions.
    var vocabulary: Vocabulary { get }
    /// Channels and places of its pictures.
    var sizes: TellerSizes { get }
    /// How many words a caption may have.
    var longestCaption: Int { get }
    /// Batches to learn from, of so many pictures, all drawn from `key`.
    func batches(size: Int, key: RandomKey) -> Batches
    /// Pictures that a training is told of now and then.
    func held(key: RandomKey) -> [CaptionedPicture]
    /// Pictures that no training has seen, in parts with names.
    func fresh(key: RandomKey) -> [(name: String, pictures: [CaptionedPicture])]
}

/// Scenes of digits, each drawn anew: see `DigitGrid`.
package struct SceneTask: CaptionTask {
    private let train, test: DigitShelves

    /// Scenes of the digits in the folder of MNIST's four files.
    /// - Throws: `SignalError` if a file cannot be read.
    package init(folder: String) throws(SignalError) {
        try self.init(
            train: DigitCollection(part: "train", in: folder), test: DigitCollection(part: "test", in: folder))
    }

    /// Scenes of these digits.
    package init(train: DigitCollection, test: DigitCollection) {
        (self.train, self.test) = (DigitShelves(train), DigitShelves(test))
    }

    package var vocabulary: Vocabulary { DigitGrid.vocabulary }
    package var longestCaption: Int { DigitGrid.longestCaption }

    /// 8 × 8 places of 64 × 64 pixels.
    package var sizes: TellerSizes {
        TellerSizes(
            channelCount: 1, height: DigitGrid.pixelSide, width: DigitGrid.pixelSide,
            convolutions: [16, 32, 64, 64], poolingCount: 3)
    }

    /// A thousand batches an epoch: each follows from its epoch and its number.
    package struct Batches: BatchSource {
        fileprivate let source: DigitShelves
        fileprivate let size: Int
        fileprivate let key: RandomKey

        package func epoch(_ number: Int) -> Epoch<[CaptionedPicture]> {
            Epoch(count: 1000) { batch in DigitGrid.scenes(size, from: source, key: key[number][batch]) }
        }
    }

    package func batches(size: Int, key: RandomKey) -> Batches { Batches(source: train, size: size, key: key) }

    package func held(key: RandomKey) -> [CaptionedPicture] { DigitGrid.scenes(500, from: train, key: key) }

    /// A thousand scenes of each number of digits.
    package func fresh(key: RandomKey) -> [(name: String, pictures: [CaptionedPicture])] {
        (2...4).map { count in
            ("\(count) digits", DigitGrid.scenes(1000, digitCounts: count...count, from: test, key: key[count]))
        }
    }
}

/// Emoji and their names. Every name without a skin tone is learnt; what is tested are combinations of a person, what they do and a skin tone that are not.
package struct EmojiTask: CaptionTask {
    private let train, valid, test: EmojiPictures
    package let vocabulary: Vocabulary

    /// The emoji of a folder with the parts `train`, `valid` and `test`: see `EmojiPictures`.
    /// - Throws: `SignalError` if a file cannot be read, or the pictures are not of one size.
    package init(folder: String) throws(SignalError) {
        (train, valid, test) = (
            try EmojiPictures(part: "train", in: folder), try EmojiPictures(part: "valid", in: folder),
            try EmojiPictures(part: "test", in: folder)
        )
        let sizes = [train, valid, test].map { [$0.height, $0.width] }
        // Two poolings halve rows and columns.
        guard sizes.allSatisfy({ $0 == sizes[0] }), sizes[0].allSatisfy({ $0 >= 4 }) else {
            throw .unfit(
                operation: "emoji", expected: "pictures of one size, 4 × 4 pixels or more",
                found: "\(sizes)", wayOut: "give the parts of one collection")
        }
        vocabulary = train.vocabulary
    }

    package var longestCaption: Int { 16 }

    /// 8 × 8 places of 32 × 32 pixels.
    package var sizes: TellerSizes {
        var sizes = TellerSizes(
            channelCount: 3, height: train.height, width: train.width, convolutions: [32, 64, 64], poolingCount: 2)
        sizes.dropout = 0.3
        return sizes
    }

    /// Each picture once an epoch, moved by up to two pixels on its white ground.
    package func batches(
        size: Int, key: RandomKey
    ) -> MappedBatches<FixedBatches<FixedExamples<CaptionedPicture>>, [CaptionedPicture]> {
        FixedBatches(FixedExamples(train.pictures), size: size, seed: key[0].seed).mapped(key: key[1]) { batch, key in
            var generator = key.generator()
            return batch.map {
                $0.moved(
                    down: Int.random(in: -2...2, using: &generator), right: Int.random(in: -2...2, using: &generator),
                    ground: 1)
            }
        }
    }

    package func held(key: RandomKey) -> [CaptionedPicture] { valid.pictures }

    package func fresh(key: RandomKey) -> [(name: String, pictures: [CaptionedPicture])] {
        [("valid", valid.pictures), ("test", test.pictures)]
    }
}
