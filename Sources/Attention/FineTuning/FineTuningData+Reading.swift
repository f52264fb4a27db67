import AttentionFiles
import AttentionTraining

extension ClassifiedText {
    /// Reads files one after the other: lines `label TAB text` or `label TAB text TAB pair`; in `.jsonl` files objects
    /// `{"label", "text", "pair"}`. Blank lines hold nothing.
    /// - Throws: `CorpusError` or `FineTuningError` naming the file and the line.
    public static func read(_ paths: [String]) throws -> [ClassifiedText] {
        var texts: [ClassifiedText] = []
        for file in try paths.map({ try CorpusFile(reading: $0) }) {
            if file.isJSON {
                try file.forEachRecord {
                    texts.append(
                        ClassifiedText(
                            try $0.text("text"), pair: try $0.text(ifPresent: "pair"), label: try $0.text("label")))
                }
            } else {
                try file.forEachRow(of: 2...3, "a label and a text, or two, with tabs between them") {
                    texts.append(ClassifiedText($0[1], pair: $0.count > 2 ? $0[2] : nil, label: $0[0]))
                }
            }
        }
        return texts
    }
}

extension AlikeTexts {
    /// Reads files one after the other: lines of two texts with a tab between them; in `.jsonl` files objects
    /// `{"anchor", "positive"}`. Blank lines hold nothing.
    /// - Throws: `CorpusError` or `FineTuningError` naming the file and the line.
    public static func read(_ paths: [String]) throws -> [AlikeTexts] {
        var pairs: [AlikeTexts] = []
        for file in try paths.map({ try CorpusFile(reading: $0) }) {
            if file.isJSON {
                try file.forEachRecord { pairs.append(AlikeTexts(try $0.text("anchor"), try $0.text("positive"))) }
            } else {
                try file.forEachRow(of: 2...2, "two texts with a tab between them") {
                    pairs.append(AlikeTexts($0[0], $0[1]))
                }
            }
        }
        return pairs
    }
}

extension TaggedWords {
    /// Reads files one after the other: lines `word TAB tag`, a blank line between texts; in `.jsonl` files objects `{"tokens", "tags"}`.
    /// - Throws: `CorpusError` or `FineTuningError` naming the file and the line.
    public static func read(_ paths: [String]) throws -> [TaggedWords] {
        var texts: [TaggedWords] = []
        for file in try paths.map({ try CorpusFile(reading: $0) }) {
            if file.isJSON {
                try file.forEachRecord { texts.append(try TaggedWords($0)) }
            } else {
                try texts.append(contentsOf: blocks(of: file))
            }
        }
        return texts
    }

    private init(_ record: TuningRecord) throws(FineTuningError) {
        self.init(words: try record.texts("tokens"), tags: try record.texts("tags"))
        guard words.count == tags.count, !words.isEmpty else {
            throw .badData(
                record.place, expected: "as many tags as tokens, and at least one",
                found: "\(words.count) tokens and \(tags.count) tags")
        }
    }

    private static func blocks(of file: CorpusFile) throws -> [TaggedWords] {
        var (texts, open): ([TaggedWords], TaggedWords) = ([], TaggedWords(words: [], tags: []))
        try file.forEachLine { line in
            if line.isBlank {
                if !open.words.isEmpty { texts.append(open) }
                open = TaggedWords(words: [], tags: [])
                return
            }
            let row = try line.row(of: 2...2, "a word and its tag with a tab between them")
            open.words.append(row[0])
            open.tags.append(row[1])
        }
        return open.words.isEmpty ? texts : texts + [open]
    }
}

extension AskedQuestion {
    /// Reads files one after the other: a document as SQuAD has it; in `.jsonl` files objects `{"id", "question", "context", "answers"}`, the
    /// answers a list of `{"text", "answer_start"}`. Questions without an answer are left out.
    /// - Throws: `CorpusError` or `FineTuningError` naming the file and the question whose answer does not stand where it should.
    public static func read(_ paths: [String]) throws -> [AskedQuestion] {
        var questions: [AskedQuestion] = []
        for file in try paths.map({ try CorpusFile(reading: $0) }) {
            if [".jsonl", ".jsonl.gz"].contains(where: file.path.hasSuffix) {
                try file.forEachRecord { record in
                    let context = try record.text("context")
                    if let question = try AskedQuestion(record, context: context, Array(context.unicodeScalars)) {
                        questions.append(question)
                    }
                }
            } else {
                for article in try file.document().records("data") {
                    for paragraph in try article.records("paragraphs") {
                        let context = try paragraph.text("context")
                        let scalars = Array(context.unicodeScalars)
                        questions += try paragraph.records("qas").compactMap {
                            try AskedQuestion($0, context: context, scalars)
                        }
                    }
                }
            }
        }
        return questions
    }

    private init?(
        _ record: TuningRecord, context: String, _ scalars: [Unicode.Scalar]
    ) throws(FineTuningError) {
        var answers: [Answer] = []
        for answer in try record.records("answers") {
            answers.append(Answer(try answer.text("text"), start: try answer.integer("answer_start")))
        }
        guard !answers.isEmpty else { return nil }
        self.init(id: try record.text("id"), question: try record.text("question"), context: context, answers: answers)
        for answer in answers where !scalars.holds(answer) {
            throw .badAnswer(answer.text, start: answer.start, question: id, place: record.place)
        }
    }
}

extension [Unicode.Scalar] {
    /// Whether an answer stands where it says.
    fileprivate func holds(_ answer: AskedQuestion.Answer) -> Bool {
        let wanted = answer.text.unicodeScalars
        guard answer.start >= 0, answer.start + wanted.count <= count else { return false }
        return self[answer.start..<answer.start + wanted.count].elementsEqual(wanted)
    }
}

extension CorpusFile {
    /// Each line that is not blank as the texts of its columns.
    func forEachRow(
        of counts: ClosedRange<Int>, _ expected: String, _ body: ([String]) throws -> Void
    ) throws {
        try forEachLine { line in
            if !line.isBlank { try body(line.row(of: counts, expected)) }
        }
    }
}

extension CorpusFile.Line {
    /// The texts of the columns, none of which is empty.
    fileprivate func row(of counts: ClosedRange<Int>, _ expected: String) throws -> [String] {
        let cells = cells
        guard counts.contains(cells.count) else {
            let found = cells.count == 1 ? "one column" : "\(cells.count) columns"
            throw FineTuningError.badData("\(place)", expected: expected, found: found)
        }
        let texts = try cells.map { try text($0) }
        if let empty = texts.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw FineTuningError.badData("\(place)", expected: expected, found: "nothing in column \(empty + 1)")
        }
        return texts
    }
}
