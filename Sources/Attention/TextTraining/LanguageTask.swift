import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionTraining
import Glibc

/// Learning what comes next: the mean of −ln P of each token given those before it in its block (Radford et al. 2019, sec. 2).
struct LanguageTask: TextTrainingTask {
    let start: TrainableModel<CausalLanguageModel>
    private let blocks: TokenBlocks
    let texts: String
    let tokenizer: TrainingTokenizer
    /// Begins every text, ends the one before it.
    private let end: Int
    /// Blocks of one token more than the model reads, which join.
    private let valid: [ArraySlice<Int32>]
    /// How many bytes of text they are.
    private let validByteCount: Int

    init(
        _ start: TrainableModel<CausalLanguageModel>, _ tokenizer: TrainingTokenizer, train: [String], valid: [String],
        end: Int, _ settings: LanguageSettings.Reading, seed: UInt64
    ) throws {
        let length = min(settings.blockLength, start.model.lengthLimit ?? .max)
        /// Every text behind the token that ends the one before it.
        func joined(_ texts: [String]) -> [Int32] {
            texts.flatMap { [Int32(end)] + tokenizer.tokenizer.ids(of: $0, addingSpecialTokens: false) }
        }
        let learnt = joined(train) + [Int32(end)]
        guard learnt.count > length else {
            throw TextTrainingError.tooLittle(
                "training", needed: "more than \(length) tokens", found: "\(learnt.count)")
        }
        let asked = joined(valid)
        (self.start, self.tokenizer, self.end) = (start, tokenizer, end)
        blocks = try TokenBlocks(learnt, length: length, batchSize: settings.batchSize, seed: seed)
        texts = "\(learnt.count) tokens of \(train.count == 1 ? "1 text" : "\(train.count) texts")"
        self.valid = Swift.stride(from: 0, to: asked.count - 1, by: length).map {
            asked[$0...min($0 + length, asked.count - 1)]
        }
        validByteCount = valid.reduce(0) { $0 + $1.utf8.count }
    }

    var generation: JSONValue {
        let id = JSONValue.number(JSONNumber(end))
        return .object([JSONMember("bos_token_id", id), JSONMember("eos_token_id", id)])
    }

    func batches(
        _ exchange: any GradientExchange, _ division: BatchDivision
    ) -> DealtBatches<TokenBlocks, ArraySlice<Int32>> {
        blocks.dealt(to: exchange, division)
    }

    func loss(_ model: CausalLanguageModel, _ batch: [ArraySlice<Int32>], training key: RandomKey) throws -> LossValue {
        guard !batch.isEmpty else { return .nothing }
        return LossValue(total: try total(model, batch, key), weight: Double(batch.reduce(0) { $0 + $1.count - 1 }))
    }

    /// Σ −ln P of all tokens of blocks of one length but their first.
    private func total(
        _ model: CausalLanguageModel, _ blocks: [ArraySlice<Int32>], _ key: RandomKey?
    ) throws -> Tensor {
        let batch = try TokenBatch(
            ids: blocks.flatMap { $0.dropLast().map(Int.init) }, rowCount: blocks.count, length: blocks[0].count - 1)
        return try model.loss(batch, targets: blocks.flatMap { $0.dropFirst().map { Int($0) } }, training: key)
    }

    /// The beginnings of two blocks, read position by position, too.
    func patient(of model: CausalLanguageModel) -> (any AttentionPatient)? {
        let texts = valid.filter { $0.count > 2 }.prefix(2).map { $0.dropLast().prefix(24).map(Int.init) }
        return texts.isEmpty ? nil : LanguagePatient(model: model, texts: texts)
    }

    /// −ln P a token, and log₂ P a byte of text; of tokens that stand between texts, too.
    func validation(of model: CausalLanguageModel) throws -> ValidationResult {
        var (sum, rest) = (0.0, valid[...])
        while let length = rest.first?.count {
            try StopSignal.check()
            let blocks = Array(rest.prefix(self.blocks.batchSize).prefix { $0.count == length })
            sum += Double(try total(model, blocks, nil).scalar)
            rest = rest.dropFirst(blocks.count)
        }
        let count = valid.reduce(0) { $0 + $1.count - 1 }
        return ValidationResult(
            loss: sum / Double(count), metrics: ["bitsPerByte": sum / log(2) / Double(max(1, validByteCount))])
    }
}
