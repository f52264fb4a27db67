import AttentionFiles

/// A table of options, read by name. Missing ones have a default where the definition states one; otherwise they are an error.
public struct Options: Sendable {
    /// Whose options these are: how errors name it.
    package let owner: String
    private let fields: [String: OptionValue]
    /// Where this table stands among the others: `modifiers[1].`.
    private let path: String
    private let reads: OptionReads

    /// The options of `owner`.
    package init(_ fields: [String: OptionValue], of owner: String) {
        self.init(fields, of: owner, at: "", reads: OptionReads())
    }

    private init(_ fields: [String: OptionValue], of owner: String, at path: String, reads: OptionReads) {
        self.owner = owner
        self.fields = fields.filter { $0.value != .nothing }
        (self.path, self.reads) = (path, reads)
        reads.expect(self.fields.keys.map { path + $0 })
    }

    /// The same with one more.
    package func adding(_ value: OptionValue, as name: String) -> Options {
        Options(fields.merging([name: value]) { _, new in new }, of: owner, at: path, reads: reads)
    }

    /// Refuses the first option that nobody asked for, in inner tables, too.
    package func refuseUnread() throws(CatalogueError) {
        guard let name = reads.missing.first else { return }
        throw .unknownOption(name, mechanism: owner, nearest: NearestName.of(name, among: reads.absent))
    }

    /// Whether there is an option of this name.
    package func contains(_ name: String) -> Bool { value(name) != nil }

    /// An integer; `standard` if it is missing, an error if there is no standard either. From −2³⁰ to 2³⁰ unless `any` will do, so that sums
    /// and products of a few stay in range.
    package func integer(
        _ name: String, default standard: Int? = nil, any: Bool = false
    ) throws(CatalogueError) -> Int {
        let integer = try read(name, "an integer", standard) {
            if case .number(let number) = $0 { Int(exactly: number) } else { nil }
        }
        guard any || (-1 << 30...1 << 30).contains(integer) else {
            throw .unfitOption("\(name) of \(owner)", expected: "an integer of −2³⁰ … 2³⁰", found: "\(integer)")
        }
        return integer
    }

    /// A number that float32 can hold; an `epsilon`, which keeps divisors above 0, is itself not below.
    package func number(_ name: String, default standard: Double? = nil) throws(CatalogueError) -> Double {
        let number = try read(name, "a number", standard) {
            if case .number(let number) = $0 { number } else { nil }
        }
        guard Float(number).isFinite else {
            throw .unfitOption("\(name) of \(owner)", expected: "a number that float32 holds", found: "\(number)")
        }
        guard number >= 0 || !name.hasSuffix("epsilon") else {
            throw .unfitOption("\(name) of \(owner)", expected: "a number from 0 up", found: "\(number)")
        }
        return number
    }

    /// A truth value; 0 and 1 will do.
    package func truth(_ name: String, default standard: Bool? = nil) throws(CatalogueError) -> Bool {
        try read(name, "true or false", standard) {
            switch $0 {
            case .truth(let truth): truth
            case .number(0): false
            case .number(1): true
            default: nil
            }
        }
    }

    /// A text.
    package func text(_ name: String, default standard: String? = nil) throws(CatalogueError) -> String {
        try read(name, "a text", standard) { if case .text(let text) = $0 { text } else { nil } }
    }

    /// One of the words of `Choice`.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, default standard: Choice? = nil
    ) throws(CatalogueError) -> Choice {
        let text = try text(name, default: standard?.rawValue)
        guard let choice = Choice(rawValue: text) else {
            throw .unknown(kind: "\(name) of \(owner)", name: text, known: Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    /// A list of integers.
    package func integers(_ name: String) throws(CatalogueError) -> [Int] {
        try read(name, "a list of integers", nil) { value in
            guard case .list(let list) = value else { return nil }
            let integers = list.compactMap { if case .number(let number) = $0 { Int(exactly: number) } else { nil } }
            return integers.count == list.count ? integers : nil
        }
    }

    /// The value itself.
    package func value(_ name: String) -> OptionValue? {
        reads.note(path + name)
        return fields[name]
    }

    /// A table of options; its errors speak of `kind`, if it has one, or of its name.
    package func table(_ name: String) throws(CatalogueError) -> Options? {
        guard let value = value(name) else { return nil }
        guard case .fields(let fields) = value else { throw unfit(name, "a table", value) }
        return table(fields, name, at: name)
    }

    /// A list of tables of options; empty if it is missing.
    package func tables(_ name: String) throws(CatalogueError) -> [Options] {
        guard let value = value(name) else { return [] }
        guard case .list(let list) = value else { throw unfit(name, "a list of tables", value) }
        var tables: [Options] = []
        for (index, element) in list.enumerated() {
            guard case .fields(let fields) = element else { throw unfit(name, "a list of tables", value) }
            tables.append(table(fields, name, at: "\(name)[\(index)]"))
        }
        return tables
    }

    private func table(_ fields: [String: OptionValue], _ name: String, at place: String) -> Options {
        let owner = if case .text(let kind) = fields["kind"] { kind } else { name }
        return Options(fields, of: owner, at: path + place + ".", reads: reads)
    }

    private func read<Value>(
        _ name: String, _ expected: String, _ standard: Value?, _ convert: (OptionValue) -> Value?
    ) throws(CatalogueError) -> Value {
        guard let value = value(name) else {
            guard let standard else { throw .missingOption(name, mechanism: owner) }
            return standard
        }
        guard let converted = convert(value) else { throw unfit(name, expected, value) }
        return converted
    }

    private func unfit(_ name: String, _ expected: String, _ value: OptionValue) -> CatalogueError {
        .unfitOption("\(name) of \(owner)", expected: expected, found: "\(value)")
    }
}
