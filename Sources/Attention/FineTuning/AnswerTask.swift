import AttentionEvaluation
import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// Learning where a text answers a question: the mean of the cross-entropies of the first and of the last piece of the answer, among all
/// pieces of a window (Devlin et al. 2019, sec. 4.2). In windows without the answer, both are the first piece of all (sec. 4.3).
struct AnswerTask: TunedTask {
    let folder: PretrainedFolder
    let text: TextModel
    let fresh: [String]
    let train: [TunedText<Span>]
    let valid: [Question]

    /// The first and the last piece of an answer.
    struct Span: Sendable {
        let first: Int
        let last: Int
    }

    /// A question to validate with.
    struct Question: Sendable {
        let asked: AskedQuestion
        let windows: [Encoding]
    }

    var initial: EncoderModel { text.model }
    var labels: [String] { [] }
    var metric: String { "f1" }
    /// Long contexts are read in windows.
    var cutCount: Int { 0 }

    init(
        _ folder: PretrainedFolder, train: [AskedQuestion], valid: [AskedQuestion], _ settings: FineTuningSettings,
        key: RandomKey
    ) throws {
        let start = try folder.start(for: .spans, labels: [], learningFrom: train.count, settings, key: key)
        let text = try TextModel(folder: folder, model: start.model, lengthLimit: settings.maximumLength)
        func windows(_ question: AskedQuestion) throws -> [Encoding] {
            try text.windows(question.question, question.context, stride: settings.stride)
        }
        self.train = try train.flatMap { question in
            try windows(question).map { TunedText($0, Span(question.answers[0], in: $0)) }
        }
        self.valid = try valid.map { Question(asked: $0, windows: try windows($0)) }
        (self.folder, self.text, fresh) = (folder, text, start.fresh)
    }

    /// The logits of beginnings and ends, [B, L, 2].
    private func logits(_ model: EncoderModel, _ batch: TokenBatch, training key: RandomKey?) throws -> Tensor {
        guard case .spans(let head) = model.head else { return .zeros([batch.rowCount, batch.length, 2]) }
        let states = try model.encoder.encode(batch, observing: .nothing, training: key?[0]).last
        return try head(states, training: key?[1])
    }

    /// ½ Σ (ln Σ exp begin − begin[first]) + (ln Σ exp end − end[last]), sums over what is real.
    private func loss(_ logits: Tensor, _ spans: [Span], _ batch: TokenBatch) throws(ShapeError) -> Tensor {
        let mask = try batch.present.mask(rowCount: batch.rowCount, length: batch.length)
        var total = Tensor(Float(0))
        for (end, places) in [spans.map(\.first), spans.map(\.last)].enumerated() {
            let scores = try logits.at(end, axis: 2)  // [B, L]
            let all = try scores.logSumExp(visible: mask)  // [B]
            let chosen = try scores.reshaped(to: [batch.rowCount * batch.length, 1]).rows(
                places.enumerated().map { $0.offset * batch.length + $0.element }, shape: [batch.rowCount])  // [B, 1]
            total = total + all.sum() - chosen.sum()
        }
        return total * 0.5
    }

    func loss(_ model: EncoderModel, _ batch: [TunedText<Span>], training key: RandomKey?) throws -> LossValue {
        let rows = try text.batch(batch)
        let logits = try logits(model, rows, training: key)
        return LossValue(total: try loss(logits, batch.map(\.target), rows), weight: Double(batch.count))
    }

    func patient(of model: EncoderModel) -> any AttentionPatient {
        text.patient(model.encoder, reading: valid.flatMap { $0.windows.map { ($0.ids, $0.typeIDs) } })
    }

    func validation(of model: EncoderModel) throws -> ValidationResult {
        let windows = valid.flatMap { question in question.windows.map { (question, $0) } }
        var loss = 0.0
        var places: [Int] = []
        for index in valid.indices { places += repeatElement(index, count: valid[index].windows.count) }
        let targets = windows.map { Span($0.0.asked.answers[0], in: $0.1) }
        var spans = [[AnswerSpan]](repeating: [], count: valid.count)
        for rows in TextGroups.similar(windows.map(\.1.ids.count)) {
            try StopSignal.check()
            let encodings = rows.map { windows[$0].1 }
            let batch = try text.batch(of: encodings)
            let logits = try logits(model, batch, training: nil)
            loss += Double(try self.loss(logits, rows.map { targets[$0] }, batch).scalar)
            let found = AnswerSpan.likeliest(
                in: logits.values, of: encodings, rowLength: batch.length, lengthLimit: 30)
            for (row, spansOfWindow) in zip(rows, found) { spans[places[row]] += spansOfWindow }
        }
        var score = AnswerScore()
        for (question, found) in zip(valid, spans) {
            let scalars = Array(question.asked.context.unicodeScalars)
            let best = AnswerSpan.apart(found, count: 1).first?.text(in: scalars) ?? ""
            score.add(AnswerScore(best, references: question.asked.answers.map(\.text)))
        }
        return ValidationResult(
            loss: loss / Double(max(1, windows.count)), metrics: ["f1": score.f1, "exactMatch": score.exactMatch])
    }

    func write(
        _ model: EncoderModel, _ adapters: AdapterPlan?, changing members: [JSONMember], to directory: String
    ) throws {
        try write(model, adapters, of: folder, as: .spans, changing: members, to: directory)
    }
}

extension AnswerTask.Span {
    /// Where an answer stands in a window: the first piece of all, twice, unless the window holds the whole answer.
    init(_ answer: AskedQuestion.Answer, in window: Encoding) {
        let end = answer.start + answer.text.unicodeScalars.count
        let places = window.sequenceIDs.enumerated().filter { $0.element == 1 }.map(\.offset)
        let offsets = window.offsets
        let first = places.last { offsets[$0].lowerBound <= answer.start }
        let last = places.first { offsets[$0].upperBound >= end }
        guard let first, let last, first <= last else {
            self.init(first: 0, last: 0)
            return
        }
        self.init(first: first, last: last)
    }
}
