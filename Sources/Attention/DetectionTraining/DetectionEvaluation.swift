public import AttentionEvaluation
import AttentionSignals
import AttentionTraining

/// How well a detector finds what is on pictures.
public struct DetectionEvaluation: Sendable, Hashable {
    /// What the classes are called.
    public let labels: [String]
    /// How many pictures there are.
    public let count: Int
    /// How many objects are on them, crowds left out.
    public let objectCount: Int
    /// The scores of all classes together.
    public let score: MeanAveragePrecision
    /// Those of each class alone.
    public let classScores: [MeanAveragePrecision]

    /// Asks a detector about pictures on which everything is marked. Sizes are those of the pictures as they are given.
    ///
    /// - Parameter progress: told how many have been seen.
    /// - Throws: `DetectionTrainingError` if there are none, or of a class that the detector does not know; else as `Detector.detect`.
    public init(of detector: Detector, on pictures: [BoxedPicture], progress: (Int) -> Void = { _ in }) throws {
        guard !pictures.isEmpty else { throw DetectionTrainingError.noPictures("the test data") }
        var detector = detector
        detector.threshold = 0
        let numbers = Dictionary(detector.labels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var judged: [(truths: [TrueBox], found: [FoundBox])] = []
        for picture in pictures {
            try StopSignal.check()
            let truths = try picture.objects.map { object in
                guard let label = numbers[object.label] else {
                    throw DetectionTrainingError.unknownClass(object.label, known: detector.labels)
                }
                return TrueBox(label: label, box: object.box, isCrowd: object.isCrowd)
            }
            let found = try detector.detect(picture.image).map { object in
                FoundBox(
                    label: numbers[object.label] ?? 0, box: PictureBox(object.box), score: Double(object.score))
            }
            judged.append((truths: truths, found: found))
            progress(judged.count)
        }
        (labels, count) = (detector.labels, pictures.count)
        objectCount = pictures.reduce(0) { $0 + $1.objectCount }
        score = MeanAveragePrecision(judged)
        classScores = detector.labels.indices.map { label in
            MeanAveragePrecision(
                judged.map { picture in
                    (
                        truths: picture.truths.filter { $0.label == label },
                        found: picture.found.filter { $0.label == label }
                    )
                })
        }
    }
}

extension PictureBox {
    /// The box of an object that was found.
    fileprivate init(_ box: DetectedObject.Box) {
        self.init(
            left: Double(box.left), top: Double(box.top), width: Double(box.right - box.left),
            height: Double(box.bottom - box.top))
    }
}
