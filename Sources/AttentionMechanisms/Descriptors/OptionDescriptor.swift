/// One option that a mechanism or a part takes: its name, what it may be, and what it is unless given.
///
///     options: [.integer("k", from: 1), .number("temperature", above: 0, default: 1), .choice("layout", Layout.self, default: .half)]
public struct OptionDescriptor: Sendable, Hashable {
    /// The name in specifications.
    public let name: String
    /// What it may be.
    public let kind: Kind
    /// What it is unless given.
    public let standard: Standard

    /// What an option may be.
    public enum Kind: Sendable, Hashable {
        case number(NumberRange)
        case integer(IntegerRange)
        case truth
        case text
        case texts
        case integers
        /// One of these words.
        case choice([String])
        /// A part of attention with options of its own, `{"kind": …}`.
        case part
        /// Several parts.
        case parts
        /// A table of options.
        case table([OptionDescriptor])
        /// A list of such tables.
        case tables([OptionDescriptor])
        /// Something else, said in words.
        case other(String)
    }

    /// What an option is unless given.
    public enum Standard: Sendable, Hashable {
        /// It must be given.
        case required
        case value(OptionValue)
        /// It follows from something else, said in words.
        case words(String)
    }

    /// The numbers that an option may be, of those that float32 can hold.
    public enum NumberRange: Sendable, Hashable {
        case any
        /// This one and what is above.
        case from(Double)
        /// Numbers above 0 that stay so in float32.
        case positive
    }

    /// The integers that an option may be. Those that are computed with end at ±2³⁰, so that sums and products of a few stay in range.
    public enum IntegerRange: Sendable, Hashable {
        case any
        case from(Int)
        /// A count or an extent: from 0 up.
        case size
        /// What is not computed with: a seed.
        case bits
    }
}

extension OptionDescriptor {
    private init(_ name: String, _ kind: Kind, _ standard: OptionValue?, _ words: String?) {
        self.name = name
        self.kind = kind
        self.standard = standard.map(Standard.value) ?? words.map(Standard.words) ?? .required
    }

    /// A number. Without a default it must be given, unless `words` say what it is otherwise.
    package static func number(
        _ name: String, _ range: NumberRange = .any, default standard: Double? = nil, else words: String? = nil
    ) -> Self {
        Self(name, .number(range), standard.map(OptionValue.number), words)
    }

    /// An integer.
    package static func integer(
        _ name: String, _ range: IntegerRange = .any, default standard: Int? = nil, else words: String? = nil
    ) -> Self {
        Self(name, .integer(range), standard.map { .number(Double($0)) }, words)
    }

    /// A truth value; 0 and 1 will do.
    package static func truth(_ name: String, default standard: Bool? = nil, else words: String? = nil) -> Self {
        Self(name, .truth, standard.map(OptionValue.truth), words)
    }

    /// A text.
    package static func text(_ name: String, default standard: String? = nil, else words: String? = nil) -> Self {
        Self(name, .text, standard.map(OptionValue.text), words)
    }

    /// A list of texts.
    package static func texts(_ name: String, else words: String? = nil) -> Self { Self(name, .texts, nil, words) }

    /// A list of integers.
    package static func integers(_ name: String, else words: String? = nil) -> Self {
        Self(name, .integers, nil, words)
    }

    /// One of the words of `Choice`.
    package static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _: Choice.Type, default standard: Choice? = nil
    ) -> Self {
        Self(name, .choice(Choice.allCases.map(\.rawValue)), standard.map { .text($0.rawValue) }, nil)
    }

    /// A part of attention; `standard` is the kind it is unless given.
    package static func part(_ name: String, default standard: String) -> Self {
        Self(name, .part, .fields(["kind": .text(standard)]), nil)
    }

    /// Parts of attention; none unless given.
    package static func parts(_ name: String) -> Self { Self(name, .parts, .list([]), nil) }

    /// A table of these options.
    package static func table(_ name: String, _ options: [OptionDescriptor], else words: String) -> Self {
        Self(name, .table(options), nil, words)
    }

    /// A list of tables of these options; empty unless given.
    package static func tables(_ name: String, _ options: [OptionDescriptor]) -> Self {
        Self(name, .tables(options), .list([]), nil)
    }

    /// Something else, which `expected` describes: "a number or …".
    package static func other(
        _ name: String, _ expected: String, default standard: OptionValue? = nil
    ) -> Self {
        Self(name, .other(expected), standard, nil)
    }
}

extension OptionDescriptor: CustomStringConvertible {
    /// What it may be and what it is unless given: "an integer from 1 up, 1 unless given".
    public var description: String {
        switch standard {
        case .required: "\(kind)"
        case .value(let value): "\(kind), \(value) unless given"
        case .words(let words): "\(kind), \(words) unless given"
        }
    }
}

extension OptionDescriptor.Kind: CustomStringConvertible {
    /// "an integer from 1 up".
    public var description: String {
        switch self {
        case .number(let range): "\(range)"
        case .integer(let range): "\(range)"
        case .truth: "true or false"
        case .text: "a text"
        case .texts: "a list of texts"
        case .integers: "a list of integers"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .part: "a part with its options"
        case .parts: "a list of parts with their options"
        case .table(let options): "a table of " + options.map(\.name).joined(separator: ", ")
        case .tables(let options): "a list of tables of " + options.map(\.name).joined(separator: ", ")
        case .other(let words): words
        }
    }
}

extension OptionDescriptor.NumberRange: CustomStringConvertible {
    /// "a number above 0".
    public var description: String {
        switch self {
        case .any: "a number"
        case .from(let least): "a number from \(OptionValue.number(least)) up"
        case .positive: "a number above 0"
        }
    }

    func contains(_ number: Double) -> Bool {
        switch self {
        case .any: true
        case .from(let least): number >= least
        case .positive: Float(number) > 0
        }
    }
}

extension OptionDescriptor.IntegerRange: CustomStringConvertible {
    /// "an integer from 1 up".
    public var description: String {
        switch self {
        case .any, .bits: "an integer"
        case .from(let least): "an integer from \(least) up"
        case .size: "an integer of 0 … 2³⁰"
        }
    }

    func contains(_ integer: Int) -> Bool {
        switch self {
        case .any, .bits: true
        case .from(let least): integer >= least
        case .size: integer >= 0
        }
    }
}
