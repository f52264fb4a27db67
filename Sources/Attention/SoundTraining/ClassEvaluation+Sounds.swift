import AttentionSignals

extension ClassEvaluation {
    /// Asks a model of sounds whose classes are known.
    ///
    /// - Parameter progress: told how many have been heard.
    /// - Throws: `SoundTrainingError` if there are none, or of a class that the model does not know; else as `SoundLabeler.label`.
    public init(
        of labeler: SoundLabeler, on sounds: [LabeledSound], progress: (Int) -> Void = { _ in }
    ) throws {
        guard !sounds.isEmpty else { throw SoundTrainingError.noSounds("the test data") }
        try self.init(
            labeler.labels, of: sounds.map { ($0.sound, $0.label) }, batchSize: 1,
            unknown: { SoundTrainingError.unknownClass($0, known: labeler.labels) }, progress: progress,
            answer: { try $0.map { try labeler.label($0) } })
    }
}
