public import AttentionFiles

/// A safetensors file that cannot be used, or tensors that cannot be saved as one.
public enum SafetensorsError: Error, Sendable, Hashable {
    /// The system refused.
    case file(FileError)
    /// The bytes are not a safetensors file.
    case malformed(source: String, expected: String, found: String)
    /// The file has no tensor of this name.
    case missing(name: String, source: String)
    /// A tensor of the file holds something else than was asked for.
    case unfit(name: String, source: String, expected: String, found: String)
    /// A tensor of the file holds what is no number, or an infinite one.
    case notFinite(name: String, source: String, value: Float, index: [Int])
    /// The tensors of the file are not those of the module.
    case mismatch(Mismatch)
    /// The tensors cannot be stored together: the name stands twice, or is reserved.
    case unusableName(String, path: String)

    /// How the tensors of a file differ from the parameters of a module.
    public struct Mismatch: Sendable, Hashable {
        /// The file.
        public let source: String
        /// Parameters that the file lacks.
        public var missing: [String] = []
        /// Tensors of the file that are no parameters.
        public var unexpected: [String] = []
        /// Parameters whose shape in the file is another, each as a phrase with both.
        public var misshapen: [String] = []

        /// No difference yet.
        package init(source: String) { self.source = source }

        package var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }
    }
}

extension SafetensorsError: CustomStringConvertible {
    /// One sentence: the file, what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let source, let expected, let found):
            "safetensors: expected \(expected) in \(source), found \(found); "
                + "the file is damaged or of another kind: copy it again, or take another"
        case .missing(let name, let source):
            "safetensors: expected a tensor \(name) in \(source), found none; "
                + "check the name, and that the file belongs to this model"
        case .unfit(let name, let source, let expected, let found):
            "safetensors: expected \(expected) as \(name) in \(source), found \(found); "
                + "read it as what it is, or take the file that belongs here"
        case .notFinite(let name, let source, let value, let index):
            "safetensors: expected finite numbers in \(name) of \(source), found \(value) at \(index); "
                + "the training that wrote it went astray: take the parameters of an earlier step"
        case .mismatch(let mismatch): mismatch.description
        case .unusableName(let name, let path):
            "save: expected tensors with names of their own for \(path), found \(name) more than once or reserved; "
                + "give each tensor another name"
        }
    }
}

extension SafetensorsError.Mismatch: CustomStringConvertible {
    /// One sentence with the first few names of each kind.
    public var description: String {
        let differences = [
            Self.phrase(misshapen, "of another shape"), Self.phrase(missing, "missing"),
            Self.phrase(unexpected, "unexpected"),
        ]
        return "safetensors: expected the parameters of the model in \(source), found "
            + differences.compactMap { $0 }.joined(separator: ", ")
            + "; take the configuration and the parameters from the same training"
    }

    private static func phrase(_ names: [String], _ difference: String) -> String? {
        guard !names.isEmpty else { return nil }
        let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
        return "\(names.count) \(difference) (\(names.prefix(8).joined(separator: ", "))\(rest))"
    }
}
