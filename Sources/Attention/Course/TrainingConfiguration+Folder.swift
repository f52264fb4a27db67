import AttentionTraining

extension TrainingConfiguration {
    /// The loop of a training that leaves its checkpoints and its log in a model's folder.
    init(in folder: String, seed: UInt64) {
        self.init()
        progressInterval = 20
        directory = folder + "/training"
        logPath = folder + "/log.jsonl"
        self.seed = seed
    }
}
