import AttentionFiles
import AttentionTraining

/// A JSON object of a data file, read by member; what does not fit names the place.
struct TuningRecord {
    let place: String
    private let members: [JSONMember]

    init(_ value: JSONValue, place: String) throws(FineTuningError) {
        guard case .object(let members) = value else {
            throw .badData(place, expected: "an object", found: value.summary)
        }
        (self.place, self.members) = (place, members)
    }

    func value(_ name: String) -> JSONValue? { members.first { $0.key == name }?.value }

    /// A text, which is not empty.
    func text(_ name: String) throws(FineTuningError) -> String {
        guard case .string(let text)? = value(name), !text.isEmpty else { throw misfit(name, "a text") }
        return text
    }

    /// A text, if there is one.
    func text(ifPresent name: String) throws(FineTuningError) -> String? {
        guard value(name) != nil else { return nil }
        return try text(name)
    }

    func integer(_ name: String) throws(FineTuningError) -> Int {
        guard case .number(let number)? = value(name), let integer: Int = number.exactly() else {
            throw misfit(name, "an integer")
        }
        return integer
    }

    func texts(_ name: String) throws(FineTuningError) -> [String] {
        guard case .array(let values)? = value(name) else { throw misfit(name, "a list of texts") }
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw misfit(name, "a list of texts") }
            texts.append(text)
        }
        return texts
    }

    /// The objects of a list.
    func records(_ name: String) throws(FineTuningError) -> [TuningRecord] {
        guard case .array(let values)? = value(name) else { throw misfit(name, "a list of objects") }
        var records: [TuningRecord] = []
        for value in values { records.append(try TuningRecord(value, place: place)) }
        return records
    }

    private func misfit(_ name: String, _ expected: String) -> FineTuningError {
        let found = value(name).map { $0 == .string("") ? "an empty one" : $0.summary } ?? "none"
        return .badData(place, expected: "\(expected) as \"\(name)\"", found: found)
    }
}

extension CorpusFile {
    /// Whether the file's name says that it holds JSON: `.json` or `.jsonl`, perhaps compressed.
    var isJSON: Bool { [".json", ".jsonl", ".json.gz", ".jsonl.gz"].contains(where: path.hasSuffix) }

    /// Each line that is not blank as an object.
    func forEachRecord(_ body: (TuningRecord) throws -> Void) throws {
        try forEachLine { line in
            guard !line.isBlank else { return }
            try body(TuningRecord(try parsed(line.bytes, place: line.place.description), place: line.place.description))
        }
    }

    /// The whole file as one document.
    func document() throws(FineTuningError) -> TuningRecord {
        try TuningRecord(try parsed(bytes, place: path), place: path)
    }

    private func parsed(_ bytes: ArraySlice<UInt8>, place: String) throws(FineTuningError) -> JSONValue {
        do { return try JSONParser.parse(Array(bytes)) } catch {
            throw .badData(place, expected: "JSON", found: "\(error)")
        }
    }
}
