public import AttentionModels
public import AttentionSignals
import AttentionTensors

/// Writes down what is said in a sound: with Whisper (Radford et al. 2023), or with wav2vec 2.0 or HuBERT and a head for characters (Baevski et al.
/// 2020).
///
/// ```swift
/// let transcriber = try Transcriber(path: "whisper-tiny.en")
/// print(try transcriber.transcribe(Sound(contentsOf: "speech.wav")).text)
/// ```
///
/// However long a sound is, it is heard window by window. A value that may be shared by any number of tasks; copies share the weights; a task that is
/// cancelled ends within a token.
public struct Transcriber: HeadedModel {
    /// How it writes.
    public var settings = TranscriptionSettings()
    private let listener: any SpeechListener

    /// The heads that can be left out.
    public var heads: HeadCounts { listener.heads }

    /// Opens a folder.
    /// - Throws: `PretrainedError`, `SafetensorsError`, `TokenizerError`, `SignalError` or `SpeechError` naming the file and what is wrong with it.
    public init(path: String) throws {
        let folder = try PretrainedFolder(path: path)
        let model = try folder.model()
        if let model = model.speechModel {
            listener = try WritingListener(model, folder)
        } else if let model = model.waveformModel {
            listener = try CharacterListener(model, folder)
        } else {
            throw PretrainedError.wrongTask(
                needed: "a head that writes what is heard", found: folder.architecture, folder: path)
        }
    }

    /// What is said in a sound of any rate and any number of channels, which become one.
    /// - Throws: `SpeechError` if a setting makes no sense; `SearchError.cancelled` if the task is.
    public func transcribe(_ sound: Sound) throws -> Transcript {
        var run = TaskRun()
        return try transcribe(sound, in: &run)
    }

    /// The same in a run that says more of it.
    /// - Parameter receive: told of each segment as soon as it is certain.
    /// - Throws: as above; `PretrainedError` if there is no head that the run asks for; what `receive` throws.
    public func transcribe(
        _ sound: Sound, in run: inout TaskRun, receive: (Transcript.Segment) throws -> Void = { _ in }
    ) throws -> Transcript {
        try transcribe(SampleWindows(sound, sampleRate: listener.sampleRate), in: &run, receive: receive)
    }

    /// What is said in a sound that is read piece by piece, as it arrives.
    /// - Throws: as for a sound; `SignalError` if it cannot be read.
    public func transcribe(
        _ reader: consuming SoundReader, in run: inout TaskRun, receive: (Transcript.Segment) throws -> Void = { _ in }
    ) throws -> Transcript {
        try transcribe(SampleWindows(reader, sampleRate: listener.sampleRate), in: &run, receive: receive)
    }

    private func transcribe(
        _ windows: SampleWindows, in run: inout TaskRun, receive: (Transcript.Segment) throws -> Void
    ) throws -> Transcript {
        var (windows, segments): (SampleWindows, [Transcript.Segment]) = (windows, [])
        let language = try listener.listen(to: &windows, settings, in: &run) { segment in
            segments.append(segment)
            try receive(segment)
        }
        return Transcript(language: language, segments: segments)
    }

    /// The segments of a WAV or FLAC file, each as soon as it is certain. Who stops reading, or is cancelled, stops the listening.
    public func segments(of path: String) -> AsyncThrowingStream<Transcript.Segment, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    var run = TaskRun()
                    _ = try transcribe(SoundReader(contentsOf: path), in: &run) { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
