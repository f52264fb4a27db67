package import Attention

// What the library says in its own terms, said again in those of the command line.

extension TrainingFolderError: DataFault {
    package var hint: String? {
        switch self {
        case .occupied: "choose another --output, or continue with --resume"
        case .hasModel, .inUse: "take another --output"
        case .nothingToResume: "start without --resume"
        }
    }
}

extension FineTuningError: DataFault {}

extension TextTrainingError: DataFault {}

extension TranslationTrainingError: DataFault {
    package var hint: String? {
        switch self {
        case .missingPiece: "make one with attend tokenizer train"
        case .otherModel: "leave out what differs, or --initialize"
        case .nothingToValidate, .untraceable: nil
        }
    }
}

extension SettingsError: UsageFault {
    package var hint: String? {
        if case .unknown(_, nearest: nil) = self { "--settings prints all of them" } else { nil }
    }
}
