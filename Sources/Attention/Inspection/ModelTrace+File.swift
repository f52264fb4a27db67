import AttentionFiles
public import AttentionInspection
import AttentionModels
public import AttentionTensors

// Here and not beside the trace, since this is where a picture's numbers meet tensors and files: the room of pictures knows neither.
extension ModelTrace {
    /// The note of the file that holds the header.
    private static let note = "trace"

    /// Writes the trace as a safetensors file, replacing the one at `path` only when the new one is complete.
    ///
    /// - Parameter precision: how the weights are written; float16 halves the file and keeps 11 significant bits.
    /// - Throws: `SafetensorsError` if the file cannot be written.
    public func write(to path: String, as precision: Safetensors.Precision = .float32) throws {
        var entries: [Safetensors.Entry] = []
        for (part, header) in zip(attention, header.attention) {
            let shape = shape(of: part)
            guard let top = part.top, let placesName = header.placesName else {
                entries.append(
                    Safetensors.Entry(header.tensorName, try Tensor(part.weights, shape: shape), as: precision))
                continue
            }
            let (values, places) = greatest(of: part, top)
            entries.append(Safetensors.Entry(header.tensorName, try Tensor(values, shape: shape), as: precision))
            entries.append(try Safetensors.Entry(placesName, places, shape: shape))
        }
        try Safetensors.write(entries, metadata: [Self.note: try JSONEncoding.text(of: header)], to: path)
    }

    /// Reads a trace.
    ///
    /// - Throws: `SafetensorsError` if the file cannot be read or is damaged; `TraceError` if it is no trace, of another version, or its
    ///   header and tensors do not fit each other.
    public init(path: String) throws { try self.init(SafetensorsFile(path: path)) }

    /// Reads a trace from an open file.
    /// - Throws: as for a path.
    public init(_ file: SafetensorsFile) throws {
        let header = try Self.header(of: file)
        let names = header.attention.flatMap { [$0.tensorName, $0.placesName].compactMap(\.self) }
        if let other = file.names.first(where: { !names.contains($0) }) {
            throw TraceError.mismatch(source: file.source, reason: "there is a tensor \(other) that it says nothing of")
        }
        if let missing = names.first(where: { !file.contains($0) }) {
            throw TraceError.mismatch(source: file.source, reason: "expected a tensor \(missing), found none")
        }
        do {
            let tensors = try header.attention.map { try file.tensor(named: $0.tensorName) }
            let places = try header.attention.map { try $0.placesName.map { try file.integers(named: $0) } }
            let trace = try ModelTrace(header, weights: tensors.map(\.values), places: places)
            for (part, tensor) in zip(trace.attention, tensors) {
                let shape = trace.shape(of: part)
                guard tensor.shape == shape else {
                    throw TraceError.mismatch(
                        source: file.source,
                        reason: "expected \(part.kind.rawValue) of shape \(shape), found \(tensor.shape)")
                }
            }
            self = trace
        } catch let error as TraceError {
            if case .mismatch = error { throw error }
            throw TraceError.mismatch(source: file.source, reason: "\(error)".droppingPlace)
        }
    }

    /// Of the tensor of a kind: with all weights of a row, or the greatest.
    private func shape(of part: TracedAttention) -> Shape {
        let width = keys(of: part).pieces.count
        return [
            part.layers.count, part.heads.count, queries(of: part).pieces.count, min(part.top ?? width, width),
        ]
    }

    private static func header(of file: SafetensorsFile) throws -> Header {
        guard let text = file.metadata[note] else { throw TraceError.noHeader(source: file.source) }
        do {
            let document = try JSONParser.parse(Array(text.utf8))
            let version: Int = try ConfigurationFields(document).integer("version")
            guard version == Self.version else {
                throw TraceError.version(version, source: file.source)
            }
            return try JSONDecoding.decode(from: document)
        } catch let error as TraceError {
            throw error
        } catch {
            throw TraceError.badHeader(source: file.source, reason: "\(error)")
        }
    }
}

extension String {
    /// A sentence without the word and the colon it begins with.
    fileprivate var droppingPlace: String {
        let mark = "trace: "
        return hasPrefix(mark) ? String(dropFirst(mark.count)) : self
    }
}
