public import Attention

/// A model that writes down what is said, kept open for all requests.
public struct ServedTranscriber: Sendable {
    /// What clients call it.
    public let name: String
    /// What listens.
    public let transcriber: Transcriber
    let scheduler: Scheduler<TranscriptionSettings, Sound, Transcript>

    /// Serves a transcriber under a name.
    public init(_ name: String, _ transcriber: Transcriber, limits: SchedulerSettings = .transcription) {
        (self.name, self.transcriber) = (name, transcriber)
        scheduler = Scheduler(limits) { settings, sounds in
            var transcriber = transcriber
            transcriber.settings = settings
            return try sounds.map { try transcriber.transcribe($0) }
        }
    }

    /// What is said in a sound. It counts as many tokens as it has frames of a hundredth of a second.
    func transcript(
        of sound: Sound, _ settings: TranscriptionSettings, _ notes: RequestNotes
    ) async throws -> Transcript {
        try await notes.answers(of: scheduler, [(sound, Int(sound.duration * 100))], kind: settings)[0]
    }
}

extension SchedulerSettings {
    /// Sounds are heard one by one, two beside one another, so that a word does not wait for all of somebody's lecture.
    public static var transcription: SchedulerSettings {
        var limits = SchedulerSettings()
        (limits.batchRows, limits.batchWait, limits.width, limits.queuedRows) = (1, .zero, 2, 64)
        limits.queueDeadline = .seconds(30)
        return limits
    }
}
