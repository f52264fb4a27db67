public import AttentionModels
public import AttentionText
public import AttentionTraining

/// A teacher that tells a student more than translations: what it finds likely, position by position, and what its heads compare.
///
/// Teacher and student have one tokenizer, so that the ids of one are those of the other.
public struct TeacherGuidance: Sendable {
    /// Who tells.
    public let teacher: ModelFolder
    /// How much that counts.
    public let settings: GuidanceSettings
    /// What it finds likely; nil while that is not known, or not told.
    public var distributions: KeptDistributions?

    /// The guidance of this teacher.
    /// - Throws: `DistillationError.setting` if a setting is outside its range.
    public init(teacher: ModelFolder, settings: GuidanceSettings = GuidanceSettings()) throws(DistillationError) {
        try settings.check()
        (self.teacher, self.settings) = (teacher, settings)
    }

    /// The teacher in a folder.
    /// - Throws: `DistillationError.foreignTeacher` if it is of a kind that is not trained here; what is wrong with the folder.
    public static func teacher(at path: String) throws -> ModelFolder {
        let kind = TranslatorSources.all.first { $0.recognizes(path) } ?? ModelFolder.self
        guard ObjectIdentifier(kind) == ObjectIdentifier(ModelFolder.self) else {
            throw DistillationError.foreignTeacher(path)
        }
        return try ModelFolder(path: path)
    }

    /// The pairs among these that a student can be guided on: those that say something, and that the teacher has positions for.
    public func readable(_ pairs: [SentencePair]) -> [SentencePair] { teacher.readable(pairs) }

    /// Throws why a student that is trained so cannot be guided, if there is a reason.
    /// - Parameter tokenizers: those that were asked for, by themselves or with a first model.
    public func check(_ training: TranslationTrainingSettings, tokenizers: [Tokenizer]) throws(DistillationError) {
        for (name, isOff, value) in [
            ("pieceDropout", training.pieceDropout == 0, "\(training.pieceDropout)"),
            ("samplingProbability", training.samplingProbability == 0, "\(training.samplingProbability)"),
            ("consistency", training.consistency == 0, "\(training.consistency)"),
            ("riskSamples", training.riskSamples == 0, "\(training.riskSamples)"),
        ] where !isOff {
            throw .otherTraining(name, found: value)
        }
        let expected = "\(Fingerprint(of: teacher.tokenizer))"
        for tokenizer in tokenizers {
            let found = "\(Fingerprint(of: tokenizer))"
            guard found == expected else { throw .otherTokenizer(found: found, expected: expected) }
        }
    }

    /// Throws unless every head of a student has one of the teacher's to learn from, if heads are drawn to those.
    /// - Throws: `DistillationError.otherHeads`.
    public func check(student: any SequenceToSequence) throws { try attention?.check(student) }

    /// What heads learn from; nil if they are left alone.
    var attention: AttentionTransfer? { settings.attentionWeight > 0 ? AttentionTransfer(teacher: teacher) : nil }

    /// All that decides the course of a training that is guided so, by name.
    var identity: [String: String] {
        var identity = ["teacher": "\(Fingerprint(of: teacher.model))"]
        if let distributions { identity["teacher.likely"] = distributions.fingerprint }
        for (name, value) in SettingValue.all(of: settings) { identity["teacher." + name] = value.plain }
        return identity
    }
}
