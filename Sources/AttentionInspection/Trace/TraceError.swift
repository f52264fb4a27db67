/// A trace whose parts do not fit each other, or a file that is none. Every description is a sentence.
public enum TraceError: Error, Sendable, Equatable {
    /// No attention at all.
    case nothing
    /// A list has another length than what it must agree with.
    case count(part: String, expected: Int, found: Int)
    /// A value is not among those that there are.
    case outside(part: String, found: String, limit: String)
    /// A kind of attention stands twice.
    case twice(String)
    /// A kind of attention was asked for that the trace has not.
    case noKind(String, known: [String])
    /// A picture was asked for where what is looked at is none; the views that there are.
    case noPicture(String, views: [String])
    /// A word was asked for that is not shown.
    case noWord(String, known: [String])
    /// A trace that cannot be compared with another.
    case otherTrace(expected: String, found: String)
    /// A folder without traces of one pair of texts; what lies in it.
    case noSteps(source: String, folders: [String])
    /// A file without a header.
    case noHeader(source: String)
    /// A header that cannot be read.
    case badHeader(source: String, reason: String)
    /// A file of another version.
    case version(Int, source: String)
    /// A file whose header and tensors do not fit each other.
    case mismatch(source: String, reason: String)
}

extension TraceError: CustomStringConvertible {
    /// The sentence.
    public var description: String {
        switch self {
        case .nothing: "trace: expected attention of at least one kind, found none"
        case .count(let part, let expected, let found): "trace: expected \(expected) \(part), found \(found)"
        case .outside(let part, let found, let limit): "trace: expected the \(part) \(limit), found \(found)"
        case .twice(let kind): "trace: expected each kind of attention once, found \(kind) twice"
        case .noKind(let kind, let known):
            "trace: there is no \(kind) attention in it; it has \(known.joined(separator: ", "))"
        case .noPicture(let kind, let views):
            "trace: expected a picture or a sound to lay weights over, found \(kind) attention that looks at neither; its views are "
                + views.joined(separator: ", ")
        case .noWord(let word, let known):
            "trace: expected one of the words \(known.joined(separator: " ")), found \(word)"
        case .otherTrace(let expected, let found):
            "trace: expected \(expected), found \(found); compare what reads the same in the same way"
        case .noSteps(let source, let folders):
            "trace: expected traces such as 00000500.safetensors in \(source), found none"
                + (folders.isEmpty ? "" : "; there are \(folders.joined(separator: ", "))")
        case .noHeader(let source):
            "trace: expected a note \"trace\" beside the tensors of \(source), found none; "
                + "write traces with attend inspect --format trace"
        case .badHeader(let source, let reason):
            "trace: expected a header of version \(ModelTrace.version) in \(source), but \(reason)"
        case .version(let found, let source):
            "trace: expected version \(ModelTrace.version) in \(source), found \(found); "
                + "write it again with this program"
        case .mismatch(let source, let reason):
            "trace: the header and the tensors of \(source) do not fit each other: \(reason)"
        }
    }
}
