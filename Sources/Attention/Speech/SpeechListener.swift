import AttentionModels

/// A kind of model that writes speech down, window by window.
protocol SpeechListener: HeadedModel {
    /// The rate that sounds are brought to.
    var sampleRate: Int { get }
    /// Writes down what is said in all windows.
    /// - Parameter receive: told of each segment as soon as it is certain.
    /// - Returns: the language that was spoken; nil if the model knows one alone.
    /// - Throws: `SpeechError` if a setting makes no sense; `SearchError.cancelled` if the task is.
    func listen(
        to windows: inout SampleWindows, _ settings: TranscriptionSettings, in run: inout TaskRun,
        receive: (Transcript.Segment) throws -> Void
    ) throws -> String?
}
