import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// Learning to write the summary of a text: the mean of −ln P of each of its tokens given those before it and the text (Raffel et al. 2020, sec. 2.4).
struct SummarizationTask: TextTrainingTask {
    let start: TrainableModel<EncoderDecoder<TransformerDecoderLayer>>
    private let pairs: TokenBucketing<FixedExamples<SequencePair>>
    let texts: String
    let tokenizer: TrainingTokenizer
    private let valid: [SequencePairBatch]
    /// The beginnings of short texts and summaries, for the doctor.
    private let examined: [SequencePair]
    private let special: SpecialTokens
    private let summaryLength: Int
    private let smoothing: Float

    init(
        _ start: TrainableModel<EncoderDecoder<TransformerDecoderLayer>>, _ tokenizer: TrainingTokenizer,
        _ special: SpecialTokens, train: [LongText], valid: [LongText], prefix: String,
        _ settings: SummarizationSettings, seed: UInt64
    ) throws {
        let reading = settings.text
        let limit = start.model.lengthLimit ?? .max
        let (textLength, summaryLength) = (
            min(reading.maximumTextLength, limit), min(reading.maximumSummaryLength, limit)
        )
        /// The ids of a text, cut before its end token.
        func ids(_ text: String, _ length: Int) -> [Int] {
            let ids = tokenizer.tokenizer.ids(of: text).map(Int.init)
            return ids.count > length ? ids.prefix(length - 1) + ids.suffix(1) : ids
        }
        func pair(_ text: LongText) -> SequencePair {
            SequencePair(source: ids(prefix + text.text, textLength), target: ids(text.summary, summaryLength))
        }
        let learnt = train.map(pair)
        pairs = TokenBucketing(learnt, tokenLimit: reading.batchTokens, seed: seed)
        let asked = valid.map(pair)
        examined = asked.shortest { $0.source.count + $0.target.count }
            .map { SequencePair(source: Array($0.source.prefix(64)), target: Array($0.target.prefix(32))) }
        self.valid = try TokenBucketing(asked, tokenLimit: reading.batchTokens, seed: 0).epoch(0).batches()
            .map { SequencePairBatch($0, special: special) }
        let cutCount = train.count { tokenizer.tokenizer.ids(of: prefix + $0.text).count > textLength }
        texts = "\(learnt.count) texts" + (cutCount > 0 ? " (\(cutCount) longer than the model reads, cut)" : "")
        (self.start, self.tokenizer, self.special) = (start, tokenizer, special)
        (self.summaryLength, smoothing) = (summaryLength, settings.smoothing)
    }

    /// Beams of four, as is usual for summaries (Lewis et al. 2020, sec. 5.3).
    var generation: JSONValue {
        func count(_ name: String, _ value: Int) -> JSONMember { JSONMember(name, .number(JSONNumber(value))) }
        return .object([
            count("decoder_start_token_id", special.start), count("eos_token_id", special.end),
            count("pad_token_id", special.padding), count("max_length", summaryLength + 1), count("num_beams", 4),
        ])
    }

    func batches(
        _ exchange: any GradientExchange, _ division: BatchDivision
    ) -> MappedBatches<DealtBatches<TokenBucketing<FixedExamples<SequencePair>>, SequencePair>, SequencePairBatch?> {
        pairs.dealt(to: exchange, division).mapped { [special] pairs, _ in
            pairs.isEmpty ? nil : SequencePairBatch(pairs, special: special)
        }
    }

    func loss(
        _ model: EncoderDecoder<TransformerDecoderLayer>, _ batch: SequencePairBatch?, training key: RandomKey
    ) throws -> LossValue {
        guard let batch else { return .nothing }
        return LossValue(
            total: try model.loss(batch, smoothing: smoothing, training: key), weight: Double(batch.targetTokenCount))
    }

    func patient(of model: EncoderDecoder<TransformerDecoderLayer>) -> (any AttentionPatient)? {
        SequencePatient(
            model: model, pairs: examined.map { ($0.source, $0.target) }, start: special.start, padding: special.padding
        )
    }

    func validation(of model: EncoderDecoder<TransformerDecoderLayer>) throws -> ValidationResult {
        var (sum, count) = (0.0, 0)
        for batch in valid {
            try StopSignal.check()
            sum += Double(try model.loss(batch).scalar)
            count += batch.targetTokenCount
        }
        return ValidationResult(loss: sum / Double(max(1, count)))
    }
}

extension SequencePairBatch {
    fileprivate init(_ pairs: [SequencePair], special: SpecialTokens) {
        self.init(pairs.map { ($0.source, $0.target) }, special: special)
    }
}
