import AttentionFiles
public import AttentionInspection
public import AttentionModels

/// Where a model looks in chosen texts, kept so that one sees when it looks elsewhere: after quantisation, another version, another machine.
///
/// A folder with `snapshot.json` and a trace for each text, `1.safetensors` and so on, which can be looked at by itself.
public struct AttentionSnapshot: Sendable {
    /// A text that was read.
    public struct Text: Sendable, Codable, Hashable {
        /// The text.
        public let text: String
        /// What was read or written besides; nil for nothing.
        public let second: String?

        /// A text and what stands beside it.
        public init(_ text: String, and second: String? = nil) { (self.text, self.second) = (text, second) }
    }

    /// What stands in `snapshot.json`.
    private struct Header: Codable {
        var version = AttentionSnapshot.version
        let tolerance: Float
        let texts: [Text]
    }

    private static let version = 1

    /// How far a weight may move.
    public let tolerance: Float
    /// The texts.
    public let texts: [Text]
    /// Where the model looked in each.
    public let traces: [ModelTrace]

    /// Where a model looks now. What it writes by itself is kept as what it is to write.
    ///
    /// - Throws: what the model throws.
    public init(
        of model: some TraceableModel, reading texts: [Text], heads: AttentionSelection = .all, tolerance: Float
    ) throws {
        traces = try texts.map { try model.trace($0.text, and: $0.second, heads: heads) }
        self.texts = zip(texts, traces).map { text, trace in
            Text(text.text, and: text.second ?? trace.sequences.first { $0.name == "target" }?.text)
        }
        self.tolerance = tolerance
    }

    /// The snapshot of a folder.
    /// - Throws: `FileError`; `SnapshotError`, `TraceError` if it is none.
    public init(path: String) throws {
        let name = path + "/snapshot.json"
        let header: Header
        do { header = try JSONDecoding.decode(Header.self, from: try FileContents.read(name)) } catch let error
            as FileError
        {
            throw error
        } catch { throw SnapshotError.badHeader(name, reason: "\(error)") }
        guard header.version == Self.version, header.tolerance >= 0, header.tolerance.isFinite else {
            throw SnapshotError.badHeader(
                name, reason: "it has version \(header.version), tolerance \(header.tolerance)")
        }
        (tolerance, texts) = (header.tolerance, header.texts)
        traces = try texts.indices.map { try ModelTrace(path: "\(path)/\($0 + 1).safetensors") }
    }

    /// Writes the folder.
    /// - Throws: `FileError`.
    public func write(to path: String) throws {
        try Directory.create(path)
        for (index, trace) in traces.enumerated() { try trace.write(to: "\(path)/\(index + 1).safetensors") }
        let header = try JSONEncoding.text(of: Header(tolerance: tolerance, texts: texts))
        try AtomicFile.write(Array((header + "\n").utf8), to: path + "/snapshot.json")
    }

    /// What has become of each head in each text.
    ///
    /// - Throws: `TraceError.otherTrace` if the model cuts texts otherwise or has other heads; what the model throws.
    public func comparisons(with model: some TraceableModel) throws -> [TraceComparison] {
        try zip(texts, traces).map { text, before in
            let (layers, heads) = (before.attention.flatMap(\.layers), before.attention.flatMap(\.heads))
            let selection = AttentionSelection(layers: Set(layers).sorted(), heads: Set(heads).sorted())
            return try TraceComparison(of: try model.trace(text.text, and: text.second, heads: selection), with: before)
        }
    }
}

/// A folder that is no snapshot.
public enum SnapshotError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `snapshot.json` cannot be read.
    case badHeader(String, reason: String)

    public var description: String {
        switch self {
        case .badHeader(let path, let reason):
            "snapshot: expected texts, a tolerance from 0 and version 1 in \(path), but \(reason); write it again with attend snapshot"
        }
    }
}
