public import AttentionTraining

/// What the training of a model tells while it prepares and trains.
public enum CourseReport: Sendable {
    /// Everything is ready.
    case prepared(Preparation)
    /// The loop has something to tell.
    case training(TrainingEvent)

    /// What a run is about to do.
    public struct Preparation: Sendable, Hashable {
        /// What is learnt from, in words: `812345 tokens of 4 texts, 4096 pieces`.
        public let data: String
        /// How many numbers are trained.
        public let parameterCount: Int
        /// After how many updates training ends.
        public let updateCount: Int
    }
}
