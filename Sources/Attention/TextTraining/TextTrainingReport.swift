public import AttentionTraining

/// What the training of a model that writes tells while it prepares and trains.
public enum TextTrainingReport: Sendable {
    /// Everything is ready.
    case prepared(Preparation)
    /// The loop has something to tell.
    case training(TrainingEvent)

    /// What a run is about to do.
    public struct Preparation: Sendable, Hashable {
        /// What is learnt from, in words: `812,345 tokens of 4 texts`.
        public let data: String
        /// How many pieces the tokenizer has.
        public let vocabularySize: Int
        /// How many numbers are trained.
        public let parameterCount: Int
        /// After how many updates training ends.
        public let updateCount: Int
    }
}
