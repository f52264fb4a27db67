import AttentionTensors
import AttentionTraining
import Testing
import TrainingProbe

/// Several processes, here threads, that train together.
struct GradientExchangeTests {
    private func configuration(accumulating count: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = 23
        configuration.accumulationCount = count
        configuration.validationInterval = 4
        configuration.progressInterval = 3
        configuration.clippingNorm = 1
        return configuration
    }

    private struct Result {
        var weights: [[Float]] = []
        var reports: [Double] = []
        var validations: [Double] = []
        var reason: StopReason?
        var update = 0
    }

    private func train(
        _ exchange: any GradientExchange, _ configuration: TrainingConfiguration,
        _ division: BatchDivision = .batches, stopping update: Int = .max
    ) throws -> Result {
        var result = Result()
        // Shares of a batch draw their dropout apart.
        var trainer = try ToyTagger().trainer(
            configuration, exchange: exchange, division: division, isDropping: division == .batches)
        if trainer.hasCheckpoint { try trainer.resume() }
        var latest = 0
        let reason = try trainer.run { event in
            switch event {
            case .progress(let report):
                result.reports.append(report.loss)
                latest = report.update
            case .validation(let validation): result.validations.append(validation.loss)
            default: break
            }
        } until: {
            latest >= update
        }
        (result.reason, result.update) = (reason, trainer.progress.update)
        result.weights = trainer.model.parameters().map(\.parameter.tensor.values)
        return result
    }

    /// What all ranks end with; rank 1 wishes to stop after some update.
    private func together(
        of rankCount: Int = 2, _ configuration: TrainingConfiguration, _ division: BatchDivision = .batches,
        stopping update: Int = .max, bucketSize: Int = 1 << 20
    ) throws -> [Result] {
        try onRanks(rankCount, bucketSize: bucketSize) { exchange in
            try train(exchange, configuration, division, stopping: exchange.rank == 1 ? update : .max)
        }
    }

    private func expectNear(
        _ one: Result, _ two: Result, _ tolerance: Float, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (one, two) in zip(one.weights.joined(), two.weights.joined()) {
            #expect(abs(one - two) < tolerance, sourceLocation: sourceLocation)
        }
        #expect(one.reports.count == two.reports.count, sourceLocation: sourceLocation)
        for (one, two) in zip(one.reports, two.reports) {
            #expect(abs(one - two) < Double(tolerance), sourceLocation: sourceLocation)
        }
    }

    /// A batch each is an update of two batches, bit for bit, dropout included.
    @Test func twoRanksAreOneProcess() throws {
        let ranks = try together(configuration(accumulating: 2))
        let alone = try train(SingleProcess(), configuration(accumulating: 2))
        for rank in ranks {
            #expect(rank.weights == alone.weights)
            #expect(rank.reports == alone.reports)
            #expect(rank.validations == alone.validations)
            #expect(rank.reason == .maximumUpdates && rank.update == 23)
        }
    }

    /// Of four batches, sums are grouped in another way: equal but for rounding.
    @Test func twoRanksThatAccumulateAreOneProcess() throws {
        let ranks = try together(configuration(accumulating: 4))
        let alone = try train(SingleProcess(), configuration(accumulating: 4))
        #expect(ranks[0].weights == ranks[1].weights)
        expectNear(ranks[0], alone, 1e-3)
    }

    /// Every rank has some examples of every batch, and some have none.
    @Test(arguments: [2, 3, 8, 20]) func sharesOfBatchesAreOneProcess(_ rankCount: Int) throws {
        let ranks = try together(of: rankCount, configuration(accumulating: 1), .examples)
        let alone = try train(SingleProcess(), configuration(accumulating: 1), .examples)
        for rank in ranks { #expect(rank.weights == ranks[0].weights) }
        expectNear(ranks[0], alone, 1e-4)
        let again = try together(of: rankCount, configuration(accumulating: 1), .examples, bucketSize: 7)
        #expect(again[0].weights == ranks[0].weights)
    }

    /// What was begun by two is ended by three, and by one.
    @Test func aTrainingIsResumedByOtherRanks() throws {
        let folder = try TrainingFolder()
        var configuration = configuration(accumulating: 1)
        let alone = try train(SingleProcess(), configuration, .examples)
        configuration.directory = folder.path
        for (ranks, updates) in [(2, 9), (3, 15), (1, 23)] {
            configuration.maximumUpdates = updates
            let result = try together(of: ranks, configuration, .examples)[0]
            #expect(result.update == updates)
            if updates == 23 {
                for (one, two) in zip(result.weights.joined(), alone.weights.joined()) {
                    #expect(abs(one - two) < 1e-4)
                }
            }
        }
    }

    @Test func whenOneStopsAllStop() throws {
        let ranks = try together(configuration(accumulating: 2), stopping: 9)
        #expect(ranks.map(\.reason) == [.interrupted, .interrupted])
        #expect(ranks.map(\.update) == [9, 9])
        #expect(ranks[0].weights == ranks[1].weights)
    }

    @Test func ranksThatDoNotDivideAnUpdateAreRefused() throws {
        #expect {
            _ = try together(of: 2, configuration(accumulating: 3))
        } throws: {
            "\($0)" == "train: expected accumulationCount of a multiple of the 2 ranks, found 3"
        }
    }

    @Test func ranksThatDoNotTheSameAreRefused() throws {
        #expect {
            _ = try onRanks(3) { exchange in
                var configuration = configuration(accumulating: 3)
                configuration.identity = ["training data": exchange.rank == 2 ? "99 pairs" : "100 pairs"]
                if exchange.rank == 1 { configuration.seed = 2 }
                return try train(exchange, configuration)
            }
        } throws: {
            "\($0)"
                == "train: expected all ranks to do the same, found seed 1 on rank 0 and 2 on rank 1, training data 100 pairs on "
                + "rank 0 and 99 pairs on rank 2; start the same program with the same data and settings everywhere"
        }
    }

    /// One has no data, and says so to those who wait.
    @Test func aRankThatCannotBeginTellsTheOthers() throws {
        #expect {
            _ = try onRanks(2) { exchange in
                guard exchange.rank == 0 else {
                    try exchange.refuse("there is no file")
                    return Result()
                }
                return try train(exchange, configuration(accumulating: 2))
            }
        } throws: {
            "\($0)" == "rank 1: there is no file"
        }
    }

    /// A loss that rank 0 alone has found is known to all.
    @Test func whatRankZeroFoundIsShared() throws {
        let results = try onRanks(3) { exchange in
            try exchange.share(
                ValidationResult(loss: Double(exchange.rank) + 0.1, metrics: ["BLEU": .infinity]))
        }
        #expect(results == Array(repeating: ValidationResult(loss: 0.1, metrics: ["BLEU": .infinity]), count: 3))
    }
}
