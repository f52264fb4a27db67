/// How much counts what a student is told of its teacher beside translations.
public struct GuidanceSettings: Codable, Sendable, Hashable {
    /// k: how many words are kept of each position, the likeliest; what is left is spread evenly over the others.
    public var likelyCount = 8
    /// T: what the logits of both are divided by. The higher, the more is said of words that are less likely (Hinton, Vinyals & Dean 2015).
    public var temperature: Float = 1
    /// α: the share of the teacher's distribution in the loss; the rest is that of the translation.
    public var teacherShare: Float = 0.5
    /// How much counts how far the student's heads are from the teacher's, on top of the rest, beside the loss of a word; 0 leaves them alone (Jiao et al. 2020).
    public var attentionWeight: Float = 0

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    func check() throws(DistillationError) {
        guard likelyCount >= 1 else { throw .setting("likelyCount", expected: "at least 1", found: "\(likelyCount)") }
        guard temperature > 0, temperature.isFinite else {
            throw .setting("temperature", expected: "above 0", found: "\(temperature)")
        }
        guard 0...1 ~= teacherShare else {
            throw .setting("teacherShare", expected: "from 0 to 1", found: "\(teacherShare)")
        }
        guard attentionWeight >= 0, attentionWeight.isFinite else {
            throw .setting("attentionWeight", expected: "at least 0", found: "\(attentionWeight)")
        }
    }
}
