import AttentionTensors
import AttentionTraining
import Synchronization
import Testing
import TrainingProbe

/// Gradients that travel while others are still computed.
struct OverlapTests {
    // MARK: - When they travel

    /// The loss Σ p₀ p₁ p₂ of parameters 0 … 3, of which the last is unused; steps tell when gradients flow back through them.
    private func loss(_ model: [Parameter], _ log: Log) -> LossValue {
        var product = Tensor.ones([2])
        for index in 0..<3 {
            product = .operation(on: [product * model[index].tensor]) {
                $0[0]
            } pullback: { upstream, _, _ in
                log.note("step \(index)")
                return [upstream]
            }
        }
        return LossValue(total: product.sum(), weight: 1)
    }

    private func parameters() throws -> [Parameter] {
        let values: [[Float]] = [[1, 2], [3, 5], [7, 11], [13, 17]]
        return try values.map { Parameter(try Tensor($0, shape: [2])) }
    }

    /// The sums of so many batches of this loss, combined by an exchange whose buckets hold one parameter each.
    private func combined(_ batchCount: Int, _ log: Log) throws -> UpdateSums {
        let model = try parameters()
        let buckets = GradientBuckets(
            of: model.parameters().map { ($0.name, $0.parameter.shape, StepReach.element) }, size: 1, rankCount: 1)
        var sums = UpdateSums()
        for batch in 0..<batchCount {
            let tracked = model.tracked()
            log.note("batch \(batch)")
            try sums.add(loss(tracked, log), of: tracked)
        }
        log.note("combine")
        try MessagePassingExchange(RecordingTransport(log: log), bucketSize: 1).combine(&sums, in: buckets)
        return sums
    }

    /// A bucket goes as soon as its gradients are known, that of a parameter that has none at once; and those under way are looked after.
    @Test func bucketsGoWhileTheRestIsComputed() throws {
        let log = Log()
        var sums = try combined(1, log)
        #expect(
            log.all == [
                "batch 0", "combine", "trade [0.0, 0.0]", "step 2", "advance", "trade [3.0, 10.0]", "step 1", "advance",
                "advance", "trade [7.0, 22.0]", "step 0", "advance", "advance", "advance", "trade [21.0, 55.0]",
            ])
        #expect(sums.gradients.names == ["0", "1", "2"])
        #expect(sums.gradients["1"]?.values == [7, 22])
        // Σ p₀ p₁ p₂ = 1 · 3 · 7 + 2 · 5 · 11
        #expect(sums.losses.total == WeightedSum(131, weight: 1))
    }

    /// Of several batches the last alone is still computed when gradients travel.
    @Test func onlyTheLastBatchIsWaitedFor() throws {
        let log = Log()
        var sums = try combined(2, log)
        #expect(log.all.prefix(6) == ["batch 0", "batch 1", "step 2", "step 1", "step 0", "combine"])
        #expect(
            log.all.dropFirst(6).filter { $0 != "advance" } == [
                "trade [0.0, 0.0]", "step 2", "trade [6.0, 20.0]", "step 1", "trade [14.0, 44.0]", "step 0",
                "trade [42.0, 110.0]",
            ])
        #expect(sums.gradients["0"]?.values == [42, 110])
    }

    // MARK: - What becomes of them

    /// Weights and losses of a training of nine updates.
    private func train(_ exchange: any GradientExchange, accumulating count: Int) throws -> [[Float]] {
        var configuration = TrainingConfiguration()
        (configuration.maximumUpdates, configuration.accumulationCount) = (9, count)
        (configuration.validationInterval, configuration.progressInterval) = (0, 1)
        configuration.clippingNorm = 1
        var trainer = try Trainer(
            model: TiedTagger(), schedule: InverseSquareRootSchedule(peak: 0.01, warmup: 10),
            batches: TokenBucketing(ToyTagger.examples(100), tokenLimit: 60, seed: 4), configuration: configuration,
            exchange: exchange, loss: { model, batch, _ in try model.loss(batch) })
        var losses: [Float] = []
        _ = try trainer.run { event in
            if case .progress(let report) = event { losses.append(Float(report.loss)) }
        }
        return trainer.model.parameters().map(\.parameter.tensor.values) + [losses]
    }

    /// Whether ranks wait for each bucket or for all in the end, they learn the same, bit for bit: what a process alone learns where each has one batch of an update.
    @Test(arguments: [2, 3, 5], [1, 100, 1 << 20])
    func ranksThatWaitLaterLearnTheSame(_ rankCount: Int, bucketSize: Int) throws {
        for batchCount in [rankCount, 3 * rankCount] {
            let results = try TradingTime.allCases.flatMap { time in
                try onRanks(rankCount, bucketSize: bucketSize, trading: time) {
                    try train($0, accumulating: batchCount)
                }
            }
            for result in results { #expect(result == results[0]) }
            guard batchCount == rankCount else { continue }
            #expect(try results[0] == train(SingleProcess(), accumulating: batchCount))
        }
    }
}

/// A tagger whose embedding is its output, too, whose layers are computed once more for their derivatives, and with parameters that are used sometimes, or never.
private struct TiedTagger: Module {
    var unused = Parameter(.ones([3]))
    var embedding = Parameter(.normal([12, 8], key: RandomKey(seed: 3)[0]))
    var layers = (1...2).map { Parameter(.glorot([8, 8], key: RandomKey(seed: 3)[$0])) }
    var sometimes = Parameter(.zeros([8]))
    var never = Parameter(.ones([5]))

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try unused.visit(&visitor, path / "unused")
        try embedding.visit(&visitor, path / "embedding")
        try layers.visit(&visitor, path / "layers")
        try sometimes.visit(&visitor, path / "sometimes")
        try never.visit(&visitor, path / "never")
    }

    func loss(_ batch: [SequencePair]) throws -> LossValue {
        let (ids, classes) = (batch.flatMap(\.source), batch.flatMap(\.target))
        var states = try embedding.rows(ids, shape: [ids.count])
        if ids[0] % 2 == 0 { states = states + sometimes.tensor }
        for layer in layers {
            states = try recomputed([states]) { inputs throws(ShapeError) in
                try linear(inputs[0], weight: layer, activation: .tanh, residual: inputs[0])
            }
        }
        return LossValue(
            total: try linearCrossEntropy(states, weight: embedding, targets: classes.map(Optional.init)),
            weight: Double(classes.count))
    }
}

/// What happens, in its order.
private final class Log: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func note(_ line: String) { lines.withLock { $0.append(line) } }
}

/// One rank, who tells what it trades.
private struct RecordingTransport: MessageTransport {
    let log: Log
    var rank: Int { 0 }
    var rankCount: Int { 1 }

    func gather(_ bytes: [UInt8]) -> [UInt8] { bytes }

    func gather(_ numbers: [Float]) -> [Float] { numbers }

    func trade(_ numbers: [Float]) -> any MessageTrade {
        log.note("trade \(numbers)")
        return RecordedTrade(log: log, numbers: numbers)
    }
}

private struct RecordedTrade: MessageTrade {
    let log: Log
    let numbers: [Float]

    func advance() { log.note("advance") }

    func received() -> [Float] { numbers }
}
