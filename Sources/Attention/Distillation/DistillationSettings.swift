/// How a teacher's translations are made and chosen.
public struct DistillationSettings: Codable, Sendable, Hashable {
    /// Lines that are translated at once.
    public var batchSize = 64
    /// Hypotheses the teacher's search keeps; 0 for what it was tuned for.
    public var beamSize = 0
    /// Translations of a line that has a reference, of which the nearest to it by chrF is taken (Kim & Rush 2016, sec. 3.3); 0 takes the reference itself.
    public var candidateCount = 4
    /// The least score of a translation, as the search ranks them; others are left out.
    public var minimumScore: Double = -5
    /// How many times longer than the other a side may be, in characters, ten of which are given to both.
    public var maximumLengthRatio: Double = 2.5

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    func check() throws(DistillationError) {
        for (name, value, least) in [
            ("batchSize", batchSize, 1), ("beamSize", beamSize, 0), ("candidateCount", candidateCount, 0),
        ]
        where value < least {
            throw .setting(name, expected: "at least \(least)", found: "\(value)")
        }
        guard maximumLengthRatio >= 1 else {
            throw .setting("maximumLengthRatio", expected: "at least 1", found: "\(maximumLengthRatio)")
        }
        guard !minimumScore.isNaN else { throw .setting("minimumScore", expected: "a number", found: "none") }
    }
}

/// Translations of a teacher that cannot be made.
public enum DistillationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A setting is outside its range.
    case setting(String, expected: String, found: String)
    /// What lies in the folder was made with another teacher, other texts or settings: what differs.
    case otherDistillation(String, differences: [String])
    /// The file that says how far it has come is damaged.
    case damagedProgress(String)
    /// Nothing was good enough to learn from.
    case nothingKept(lineCount: Int)
    /// Several processes would write one file.
    case severalProcesses(String)
    /// A teacher of whose inside nothing can be told, since no student can have its vocabulary.
    case foreignTeacher(String)
    /// Another tokenizer than the teacher's was asked for.
    case otherTokenizer(found: String, expected: String)
    /// A way of training in which the student reads or writes what the teacher says nothing of.
    case otherTraining(String, found: String)
    /// The student has no heads, or others than its teacher's could be compared with.
    case otherHeads(found: String, expected: String)
    /// What is kept of the teacher's predictions is damaged.
    case damagedDistributions(String, expected: String, found: String)
    /// Nothing is kept of the teacher's predictions for a pair.
    case untold(path: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .setting(let name, let expected, let found): "distill: expected \(name) to be \(expected), found \(found)"
        case .otherDistillation(let path, let differences):
            "distill: expected the teacher, texts and settings that \(path) was begun with, found "
                + differences.joined(separator: ", ") + "; take them again, or another folder"
        case .damagedProgress(let path):
            "distill: expected how far the translations have come in \(path), found damaged text; remove its folder to begin anew"
        case .nothingKept(let count):
            "distill: expected translations to learn from, found none good enough among \(count) lines; "
                + "allow a lower minimumScore or a higher maximumLengthRatio"
        case .severalProcesses(let path):
            "distill: expected all translations in \(path) before several processes learn from them, found some missing; "
                + "run the same command without mpirun first, and end it when the student begins to learn"
        case .foreignTeacher(let path):
            "distill: expected a teacher trained here, whose vocabulary a student can have, found another kind of model in \(path); "
                + "learn from its translations alone: --level sequence, and attentionWeight=0"
        case .otherTokenizer(let found, let expected):
            "distill: expected the teacher's tokenizer \(expected), by whose pieces it tells what is likely, found \(found); "
                + "leave --tokenizer out and take a first model of that tokenizer, or learn from translations alone: --level sequence, and attentionWeight=0"
        case .otherTraining(let name, let found):
            "distill: expected training.\(name) to be 0 for a student that is told what goes on inside its teacher, found \(found); "
                + "leave it out, or learn from translations alone: --level sequence, and attentionWeight=0"
        case .otherHeads(let found, let expected):
            "distill: expected heads for attentionWeight whose scores are inner products, in no more layers than the teacher has and as many in each (\(expected)), "
                + "found \(found); choose a student of such heads, or attentionWeight=0"
        case .damagedDistributions(let path, let expected, let found):
            "distill: expected \(expected) in \(path), found \(found); remove it and run the same command, which makes it again"
        case .untold(let path):
            "distill: expected what the teacher finds likely for every pair in \(path), found a pair without; "
                + "train on the pairs that it was made for"
        }
    }
}
