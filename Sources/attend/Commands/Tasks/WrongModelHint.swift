import Attention
import AttentionCommand

extension PretrainedError: DataFault {
    /// The commands that a model of the kind that was found is for.
    package var hint: String? {
        guard case .wrongTask(_, let found, _) = self else { return nil }
        return Self.commands.first { found.hasSuffix($0.ending) }.map { "such a model is for \($0.names)" }
    }

    /// By how names of classes end, special ones first.
    private static let commands: [(ending: String, names: String)] = [
        ("WhisperForConditionalGeneration", "attend transcribe"), ("ForCTC", "attend transcribe"),
        ("BlipForConditionalGeneration", "attend caption"), ("VisionEncoderDecoderModel", "attend caption"),
        ("M2M100ForConditionalGeneration", "attend translate"), ("MBartForConditionalGeneration", "attend translate"),
        ("BartForConditionalGeneration", "attend generate and summarize"),
        ("PegasusForConditionalGeneration", "attend generate and summarize"),
        ("ForConditionalGeneration", "attend generate, translate and summarize"), ("MTModel", "attend translate"),
        ("ForCausalLM", "attend generate, chat and score"), ("LMHeadModel", "attend generate, chat and score"),
        ("ForMaskedLM", "attend fill-mask"), ("ForSequenceClassification", "attend classify and rerank"),
        ("ForTokenClassification", "attend tag"), ("ForQuestionAnswering", "attend answer"),
        ("ForImageClassification", "attend label without --labels"), ("ForAudioClassification", "attend label"),
        ("ForObjectDetection", "attend detect"), ("CLIPModel", "attend label with --labels"),
        ("SiglipModel", "attend label with --labels"),
    ]
}
