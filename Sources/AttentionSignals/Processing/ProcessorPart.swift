/// What a file of settings says of one sense, by the name of its part in `processor_config.json`.
enum ProcessorPart: String {
    case pictures = "image_processor"
    case sounds = "feature_extractor"

    /// A folder has no file that says it.
    func missing(in folder: String, found: String) -> SignalError {
        .unfit(
            operation: ProcessorValues.operation,
            expected: "the file in \(folder), where it says how \(meaning)", found: found,
            wayOut:
                "copy it from where the model is from, or, if the model was trained as its kind is by default, write one that "
                + "says the kind alone: \(example)")
    }

    private var meaning: String {
        switch self {
        case .pictures: "pictures become what the model sees: their size, what is cut off, mean and deviation"
        case .sounds: "sounds become what the model hears: their rate, the bands of a spectrogram, mean and deviation"
        }
    }

    private var example: String {
        switch self {
        case .pictures: #"{"image_processor_type": "ViTImageProcessor"}"#
        case .sounds: #"{"feature_extractor_type": "WhisperFeatureExtractor"}"#
        }
    }
}
