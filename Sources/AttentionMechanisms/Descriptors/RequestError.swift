import AttentionFiles

/// What a mechanism or a part is asked for cannot be had: its options or the tensors that go with them do not fit.
public enum RequestError: Error, Sendable, Hashable {
    /// There is no such mechanism, score, modifier, scope, normalizer or choice.
    case unknown(kind: String, name: String, known: [String])
    /// An option must be there and is not.
    case missingOption(String, mechanism: String)
    /// An option is not of the kind it must be.
    case unfitOption(String, expected: String, found: String)
    /// A tensor must be there and is not.
    case missingTensor(String, mechanism: String, source: String)
    /// A tensor holds something else than it must.
    case unfitTensor(String, expected: String, found: String)
    /// The mechanism or part takes no option of this name; the nearest that it takes, if any is near.
    case unknownOption(String, mechanism: String, nearest: String?)
    /// A gradient is expected, but gradients are not computed.
    case gradientNotComputed(String)
    /// The file is no specification.
    case malformed(source: String, reason: String)
}

extension RequestError: CustomStringConvertible {
    /// One sentence: what was expected, what was found, and the way out.
    public var description: String {
        switch self {
        case .unknown(let kind, let name, let known):
            let wayOut = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            return "compute: expected a known \(kind), found \(name)\(wayOut)"
        case .missingOption(let name, let mechanism):
            return "\(mechanism): expected an option \(name), found none; add it to the specification's options"
        case .unfitOption(let name, let expected, let found):
            return "option \(name): expected \(expected), found \(found)"
        case .missingTensor(let name, let mechanism, let source):
            return "\(mechanism): expected a tensor \(name) in \(source), found none; add it under that name"
        case .unfitTensor(let name, let expected, let found):
            return "tensor \(name): expected \(expected), found \(found)"
        case .unknownOption(let name, let mechanism, let nearest):
            let wayOut = nearest.map { "did you mean \($0)?" } ?? "take it out of the specification"
            return "\(mechanism): expected options it knows, found \(name); \(wayOut)"
        case .gradientNotComputed(let name):
            return
                "compute: expected gradients to be asked for, since \(name) is wanted, found that they are not; ask for them, too"
        case .malformed(let source, let reason):
            return "\(source): \(reason)"
        }
    }
}
