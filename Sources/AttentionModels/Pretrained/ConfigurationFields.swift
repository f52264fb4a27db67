package import AttentionFiles
import AttentionLayers
public import AttentionTensors

/// The members of a `config.json` as Hugging Face writes it, read by name.
///
/// Published configurations leave out what has its default, and carry much that is of no concern here; so each field is asked for with
/// its default, and others are let be. `null` means absent.
public struct ConfigurationFields: Sendable {
    private var members: [String: JSONValue]

    /// The members of a JSON object.
    /// - Throws: `ConfigurationError` if the document is of another kind.
    package init(_ document: JSONValue) throws(ConfigurationError) {
        guard case .object(let members) = document else {
            throw ConfigurationError("the configuration", expected: "an object", found: document.summary)
        }
        self.members = Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
    }

    /// The same with some members changed.
    package func replacing(_ changes: [JSONMember]) -> ConfigurationFields {
        var copy = self
        for change in changes { copy.members[change.key] = change.value }
        return copy
    }

    /// The same with some members of a part changed, or with a part of these where there is none.
    /// - Throws: `ConfigurationError` if the part is something else.
    func replacing(in name: String, _ changes: [JSONMember]) throws(ConfigurationError) -> ConfigurationFields {
        var members = try part(name)?.members ?? [:]
        for change in changes { members[change.key] = change.value }
        return replacing([JSONMember(name, .object(members.map { JSONMember($0.key, $0.value) }))])
    }

    /// The same with what others say besides, whose members count where both have one; null counts as none.
    func overlaid(by other: ConfigurationFields) -> ConfigurationFields {
        replacing(other.members.filter { other.has($0.key) }.map { JSONMember($0.key, $0.value) })
    }

    /// Whether there are no members.
    package var isEmpty: Bool { members.isEmpty }

    /// The names of all members, in no order.
    public var names: [String] { Array(members.keys) }

    /// Whether there is a member of this name that is not null.
    public func has(_ name: String) -> Bool { value(name) != nil }

    /// Whether there is a member of this name, be it null.
    public func mentions(_ name: String) -> Bool { members[name] != nil }

    /// The first of these names that is present: transformers has renamed some over the years.
    public func present(_ names: String...) -> String { names.first(where: has) ?? names[0] }

    /// An integer.
    /// - Throws: `ConfigurationError` if it is missing without a default, or something else.
    public func integer(_ name: String, default fallback: Int? = nil) throws(ConfigurationError) -> Int {
        guard let value = value(name) else { return try required(name, fallback, "an integer") }
        guard case .number(let number) = value, let integer: Int = number.exactly() else {
            throw ConfigurationError(name, expected: "an integer", found: value.summary)
        }
        return integer
    }

    /// A size: an integer of at least 1 and at most 2²⁴; larger ones come from damaged files.
    /// - Throws: `ConfigurationError` if it is missing without a default, or something else.
    public func size(_ name: String, default fallback: Int? = nil) throws(ConfigurationError) -> Int {
        let size = try integer(name, default: fallback)
        try ConfigurationError.require(name, size, in: 1...1 << 24)
        return size
    }

    /// A number of layers: at least 1 and at most 4096, since each is built before anything is read into it.
    /// - Throws: `ConfigurationError` if it is missing, or something else.
    public func layerCount(_ name: String) throws(ConfigurationError) -> Int {
        let count = try integer(name)
        try ConfigurationError.require(name, count, in: 1...4096)
        return count
    }

    /// A number.
    /// - Throws: `ConfigurationError` if it is missing without a default, or something else.
    public func number(_ name: String, default fallback: Double? = nil) throws(ConfigurationError) -> Double {
        guard let value = value(name) else { return try required(name, fallback, "a number") }
        guard case .number(let number) = value else {
            throw ConfigurationError(name, expected: "a number", found: value.summary)
        }
        return number.double
    }

    /// A probability below 1.
    /// - Throws: `ConfigurationError` if it is something else.
    public func probability(_ name: String, default fallback: Double = 0) throws(ConfigurationError) -> Float {
        let probability = Float(try number(name, default: fallback))
        try ConfigurationError.require(name, probability: probability)
        return probability
    }

    /// A truth value.
    /// - Throws: `ConfigurationError` if it is missing without a default, or something else.
    public func flag(_ name: String, default fallback: Bool? = nil) throws(ConfigurationError) -> Bool {
        guard let value = value(name) else { return try required(name, fallback, "true or false") }
        guard case .bool(let flag) = value else {
            throw ConfigurationError(name, expected: "true or false", found: value.summary)
        }
        return flag
    }

    /// A string.
    /// - Throws: `ConfigurationError` if it is missing without a default, or something else.
    public func string(_ name: String, default fallback: String? = nil) throws(ConfigurationError) -> String {
        guard let value = value(name) else { return try required(name, fallback, "a string") }
        guard case .string(let string) = value else {
            throw ConfigurationError(name, expected: "a string", found: value.summary)
        }
        return string
    }

    /// A list of strings; one string is a list of it, and empty is what is absent.
    /// - Throws: `ConfigurationError` if it is something else.
    public func strings(_ name: String) throws(ConfigurationError) -> [String] {
        try list(name, of: "strings") { if case .string(let string) = $0 { string } else { nil } }
    }

    /// A list of numbers; one number is a list of it, and empty is what is absent.
    /// - Throws: `ConfigurationError` if it is something else.
    public func numbers(_ name: String) throws(ConfigurationError) -> [Double] {
        try list(name, of: "numbers") { if case .number(let number) = $0 { number.double } else { nil } }
    }

    /// A list of integers; one integer is a list of it, and empty is what is absent.
    /// - Throws: `ConfigurationError` if it is something else.
    public func integers(_ name: String) throws(ConfigurationError) -> [Int] {
        try list(name, of: "integers") { if case .number(let number) = $0 { number.exactly() } else { nil } }
    }

    /// A list of lists of integers; empty is what is absent.
    /// - Throws: `ConfigurationError` if it is something else.
    public func integerLists(_ name: String) throws(ConfigurationError) -> [[Int]] {
        try list(name, of: "lists of integers") { value in
            guard case .array(let values) = value else { return nil }
            let integers: [Int] = values.compactMap {
                if case .number(let number) = $0 { number.exactly() } else { nil }
            }
            return integers.count == values.count ? integers : nil
        }
    }

    /// Whether a member is true or false.
    public func isFlag(_ name: String) -> Bool { if case .bool? = value(name) { true } else { false } }

    private func list<Element>(
        _ name: String, of elements: String, _ element: (JSONValue) -> Element?
    ) throws(ConfigurationError) -> [Element] {
        guard let value = value(name) else { return [] }
        let values = if case .array(let values) = value { values } else { [value] }
        var list: [Element] = []
        for value in values {
            guard let element = element(value) else {
                throw ConfigurationError(name, expected: "a list of \(elements)", found: value.summary)
            }
            list.append(element)
        }
        return list
    }

    /// All members, if they are strings.
    /// - Throws: `ConfigurationError` if one is something else.
    public func strings() throws(ConfigurationError) -> [String: String] {
        var strings: [String: String] = [:]
        for name in members.keys { strings[name] = try string(name) }
        return strings
    }

    /// All members, if they are integers.
    /// - Throws: `ConfigurationError` if one is something else.
    public func integers() throws(ConfigurationError) -> [String: Int] {
        var integers: [String: Int] = [:]
        for name in members.keys { integers[name] = try integer(name) }
        return integers
    }

    /// A part with members of its own; nil if absent.
    /// - Throws: `ConfigurationError` if it is something else.
    public func part(_ name: String) throws(ConfigurationError) -> ConfigurationFields? {
        guard let value = value(name) else { return nil }
        guard case .object = value else {
            throw ConfigurationError(name, expected: "an object", found: value.summary)
        }
        return try ConfigurationFields(value)
    }

    /// An activation by the name that transformers gives it.
    /// - Throws: `ConfigurationError` with those that there are.
    public func activation(_ name: String, default fallback: String = "gelu") throws(ConfigurationError) -> Activation {
        let spelling = try string(name, default: fallback)
        guard let activation = Self.activations[spelling] else {
            throw ConfigurationError(
                name, expected: "one of \(Self.activations.keys.sorted().joined(separator: ", "))", found: spelling)
        }
        return activation
    }

    private static let activations: [String: Activation] = [
        "gelu": .gelu, "gelu_python": .gelu, "gelu_new": .geluTanh, "gelu_pytorch_tanh": .geluTanh,
        "gelu_python_tanh": .geluTanh, "quick_gelu": .geluSigmoid, "relu": .relu, "silu": .silu, "swish": .silu,
        "tanh": .tanh, "linear": .identity,
    ]

    /// What the classes are called, `id2label`; as many names as `num_labels` says if there are none.
    /// - Throws: `ConfigurationError` unless they are numbered from 0.
    public func labels() throws(ConfigurationError) -> [String] {
        guard let names = try part("id2label") else {
            return (0..<(try size("num_labels", default: 2))).map { "LABEL_\($0)" }
        }
        var labels: [String] = []
        for index in 0..<names.members.count { labels.append(try names.string("\(index)")) }
        return labels
    }

    /// The probability of dropping before the last map of a head: that of the classifier if it is said, else that of the layers.
    func headDropout() throws(ConfigurationError) -> Float {
        let name = present(
            "classifier_dropout", "classifier_dropout_prob", "seq_classif_dropout", "cls_dropout",
            "hidden_dropout_prob", "dropout")
        return try probability(has(name) ? name : "hidden_dropout_prob", default: 0.1)
    }

    /// The same with nothing dropped in training.
    func withoutDropout() -> ConfigurationFields {
        let names = [
            "hidden_dropout_prob", "attention_probs_dropout_prob", "dropout", "attention_dropout", "embedding_dropout",
            "mlp_dropout", "classifier_dropout",
        ]
        return replacing(names.map { JSONMember($0, 0) })
    }

    private func value(_ name: String) -> JSONValue? {
        switch members[name] {
        case .null?, nil: nil
        case let value?: value
        }
    }

    private func required<Value>(
        _ name: String, _ fallback: Value?, _ expected: String
    ) throws(ConfigurationError) -> Value {
        guard let fallback else { throw ConfigurationError(name, expected: expected, found: "none") }
        return fallback
    }
}
