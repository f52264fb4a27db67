/// What a student was taught with, beside the settings of its training: `distillation/settings.json` of its folder, so that it can be taught so again.
///
/// Which model and which texts the names stood for, `distillation/progress.json` says by their fingerprints.
public struct DistillationRecord: SettingsDocument, Hashable {
    /// The folder of the model that translated, as it was named, or default.
    public var teacher: String
    /// What was said of a teacher that can do more than one thing.
    public var choice: TranslatorChoice
    /// The files of lines that it translated.
    public var sources: [String]
    /// The files of pairs that the best student was chosen by; none if it was the last of the translations.
    public var validation: [String]
    /// What the student learnt from.
    public var level: DistillationLevel
    /// How translations were made and chosen.
    public var translations: DistillationSettings
    /// How much counted what was told beside them; nil if nothing was.
    public var guidance: GuidanceSettings?
    /// What all randomness of the training followed from.
    public var seed: UInt64

    /// A record of these parts.
    public init(
        teacher: String, choice: TranslatorChoice = TranslatorChoice(), sources: [String], validation: [String] = [],
        level: DistillationLevel, translations: DistillationSettings, guidance: GuidanceSettings? = nil, seed: UInt64
    ) {
        (self.teacher, self.choice, self.sources, self.validation) = (teacher, choice, sources, validation)
        (self.level, self.translations, self.guidance, self.seed) = (level, translations, guidance, seed)
    }
}
