import AttentionSignals

extension ClassEvaluation {
    /// Asks a model of pictures whose classes are known.
    ///
    /// - Parameter progress: told how many have been seen.
    /// - Throws: `ImageTrainingError` if there are none, or of a class that the model does not know; else as `ImageLabeler.label`.
    public init(
        of labeler: ImageLabeler, on pictures: [LabeledPicture], batchSize: Int = 64,
        progress: (Int) -> Void = { _ in }
    ) throws {
        guard !pictures.isEmpty else { throw ImageTrainingError.noPictures("the test data") }
        try self.init(
            labeler.labels, of: pictures.map { ($0.image, $0.label) }, batchSize: batchSize,
            unknown: { ImageTrainingError.unknownClass($0, known: labeler.labels) }, progress: progress,
            answer: { try labeler.label($0) })
    }
}
