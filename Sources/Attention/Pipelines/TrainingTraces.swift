import AttentionFiles
public import AttentionInspection

/// The traces of a training: a folder for each sentence, a file for each of its validations, named by the number of updates before it.
///
///     model/traces/1/00000500.safetensors
///
/// At most `limit` validations are kept, evenly: of more, every other, then every fourth, and so on, with the first and the last.
public struct TrainingTraces: Sendable {
    /// The validations that are kept of each sentence, the first and the last not counted.
    public static let limit = 64

    /// The folder of one sentence.
    let path: String

    /// The folder of the n-th sentence, from 1, of the training in a folder.
    init(of number: Int, in training: String) { path = "\(Self.path(in: training))/\(number)" }

    /// A folder that a training has left.
    public init(path: String) { self.path = path }

    /// Where the sentences of a training lie.
    static func path(in training: String) -> String { training + "/traces" }

    /// Keeps the trace of one validation, and lets go of those that are too many.
    ///
    /// - Parameter interval: the updates between two validations.
    /// - Throws: `SafetensorsError` or `FileError` if the folder cannot be written.
    package func keep(_ trace: ModelTrace, update: Int, interval: Int) throws {
        try Directory.create(path)
        try trace.write(to: file(of: update), as: .float16)
        let kept = Self.kept(upTo: update, interval: interval)
        for other in try updates() where !kept.contains(other) { try Directory.removeFile(file(of: other)) }
    }

    /// Lets go of what was kept behind this update (−1: of all that other trainings left), and of what a killed run left
    /// half-written: a training that is resumed there makes it again.
    /// - Throws: `FileError` if the folder cannot be read or changed.
    package func resume(at update: Int) throws(FileError) {
        guard Directory.isDirectory(path) else { return }
        try AtomicFile.removeAbandoned(in: path)
        for other in try updates() where other > update { try Directory.removeFile(file(of: other)) }
    }

    /// The traces in their order.
    /// - Throws: `SafetensorsError`, `FileError` or `TraceError` if there are none, or they cannot be read or are not of one sentence.
    public func replay() throws -> TraceReplay {
        let updates = try updates()
        guard !updates.isEmpty else {
            throw TraceError.noSteps(source: path, folders: try Directory.names(in: path))
        }
        return try TraceReplay(try updates.map { ($0, try ModelTrace(path: file(of: $0))) })
    }

    /// Which of the validations up to this one are kept.
    package static func kept(upTo update: Int, interval: Int) -> Set<Int> {
        var stride = interval
        while update / stride > limit { stride *= 2 }
        return Set(Swift.stride(from: 0, through: update, by: stride)).union([interval, update])
    }

    private func file(of update: Int) -> String {
        let digits = String(update)
        return "\(path)/\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).safetensors"
    }

    /// After how many updates there are traces, ascending.
    package func updates() throws(FileError) -> [Int] {
        let ending = ".safetensors"
        return try Directory.names(in: path).filter { $0.hasSuffix(ending) }.compactMap {
            Int($0.dropLast(ending.count))
        }.sorted()
    }
}
