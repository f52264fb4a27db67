import AttentionFiles
import AttentionTensors
import AttentionTraining
import Testing
import TrainingProbe

struct TrainerTests {
    private func configuration(updates: Int? = nil) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = updates
        return configuration
    }

    @Test func aModelLearns() throws {
        var settings = configuration(updates: 400)
        settings.progressInterval = 100
        var losses: [Double] = []
        var trainer = try ToyTagger().trainer(settings)
        let reason = try trainer.run { event in
            if case .progress(let report) = event { losses.append(report.loss) }
        }
        #expect(reason == .maximumUpdates)
        #expect(losses.count == 4)
        #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
        let untrained = try ToyTagger().validated().loss
        #expect(untrained > 2)
        #expect(try trainer.model.validated().loss < 0.5)
    }

    @Test func theSameSeedGivesTheSameModel() throws {
        func trained(seed: UInt64) throws -> [Float] {
            var settings = configuration(updates: 10)
            settings.seed = seed
            var trainer = try ToyTagger().trainer(settings)
            _ = try trainer.run()
            return trainer.model.parameters().flatMap(\.parameter.tensor.values)
        }
        #expect(try trained(seed: 1) == trained(seed: 1))
        #expect(try trained(seed: 1) != trained(seed: 2))
    }

    @Test func parametersAreChangedInPlace() throws {
        var places: [ObjectIdentifier] = []
        let source = TokenBucketing(ToyTagger.examples(100), tokenLimit: 60, seed: 4)
        var trainer = try Trainer(
            model: ToyTagger(), schedule: ConstantSchedule(rate: 0.01), batches: source,
            configuration: configuration(updates: 6),
            loss: { model, batch, step in
                places.append(ObjectIdentifier(model.output.tensor.storage))
                return try model.loss(batch, key: step.key)
            }, validate: { try $0.validated() })
        _ = try trainer.run()
        #expect(places.count == 6)
        #expect(Set(places.dropFirst()).count == 1)
    }

    /// One update over two batches is a step along the gradient of both together, averaged over all their tokens.
    @Test func accumulatedBatchesAreOneBatch() throws {
        struct Fixed: BatchSource {
            let batches: [[SequencePair]]
            func epoch(_ number: Int) -> Epoch<[SequencePair]> { Epoch(count: batches.count) { batches[$0] } }
        }
        let examples = ToyTagger.examples(20)
        func trained(_ batches: [[SequencePair]]) throws -> ToyTagger {
            var settings = configuration(updates: 1)
            settings.accumulationCount = batches.count
            // A large ε keeps Adam's step proportional to the gradient, so that a wrong scale would show.
            var trainer = try Trainer(
                model: ToyTagger(), optimizer: Adam(.init(epsilon: 1)), schedule: ConstantSchedule(rate: 1),
                batches: Fixed(batches: batches), configuration: settings,
                loss: { model, batch, _ in try model.loss(batch, key: nil) }, validate: { try $0.validated() })
            _ = try trainer.run()
            return trainer.model
        }
        let whole = try trained([examples]).parameters()
        let parts = try trained([Array(examples[..<4]), Array(examples[4...])]).parameters()
        for (one, two) in zip(whole, parts) {
            #expect(zip(one.parameter.tensor.values, two.parameter.tensor.values).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        let start = ToyTagger().parameters()
        #expect(zip(start, whole).contains { $0.parameter.tensor.values != $1.parameter.tensor.values })
    }

    /// After one step, m̂ = g and √v̂ = |g|, so with ε = 1 the change is less than rate · |g|, which clipping bounds.
    @Test func clippingBoundsTheStep() throws {
        func change(clippingNorm: Float?) throws -> Double {
            var settings = configuration(updates: 1)
            settings.clippingNorm = clippingNorm
            var trainer = try ToyTagger().trainer(
                settings, optimizer: Adam(.init(epsilon: 1)), schedule: ConstantSchedule(rate: 1))
            _ = try trainer.run()
            let pairs = zip(trainer.model.parameters(), ToyTagger().parameters())
            return pairs.reduce(0) { sum, pair in
                zip(pair.0.parameter.tensor.values, pair.1.parameter.tensor.values).reduce(sum) {
                    $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
                }
            }.squareRoot()
        }
        let clipped = try change(clippingNorm: 1e-3)
        #expect(clipped > 0.9e-3 && clipped < 1e-3)
        #expect(try change(clippingNorm: nil) > 0.05)
    }

    @Test func updatesDoNotReachIntoTheNextEpoch() throws {
        var settings = configuration()
        settings.maximumEpochs = 2
        settings.accumulationCount = 3
        var trainer = try ToyTagger().trainer(settings)
        let count = try TokenBucketing(ToyTagger.examples(100), tokenLimit: 60, seed: 4).epoch(0).count
        #expect(count % 3 != 0)
        #expect(try trainer.run() == .maximumEpochs)
        #expect(trainer.progress.update == 2 * ((count + 2) / 3))
        #expect(trainer.progress.epoch == 2 && trainer.progress.batch == 0)
    }

    @Test func timeRunsOut() throws {
        var settings = configuration()
        settings.maximumMinutes = 1e-9
        var trainer = try ToyTagger().trainer(settings)
        #expect(try trainer.run() == .maximumMinutes)
        #expect(trainer.progress.update == 1)
    }

    @Test func trainingStopsWhenValidationNoLongerImproves() throws {
        var losses = [3.0, 2, 2.5, 1.5, 1.6, 1.5, 1.4]
        var settings = configuration(updates: 1000)
        settings.validationInterval = 2
        settings.earlyStoppingPatience = 2
        var trainer = try ToyTagger().trainer(settings) { _ in ValidationResult(loss: losses.removeFirst()) }
        #expect(try trainer.run() == .earlyStopping)
        #expect(trainer.progress.validations.map(\.loss) == [3, 2, 2.5, 1.5, 1.6, 1.5])
        #expect(trainer.progress.update == 12)
    }

    @Test func theMetricThatChoosesMustBeReported() throws {
        var settings = configuration(updates: 10)
        settings.validationInterval = 2
        settings.selectionMetric = "BLEU"
        var trainer = try ToyTagger().trainer(settings) { _ in ValidationResult(loss: 1, metrics: ["chrF": 3]) }
        #expect(throws: TrainingError.missingMetric("BLEU", found: ["chrF"])) { try trainer.run() }
    }

    @Test func numbersMustBeFinite() throws {
        var settings = configuration(updates: 10)
        settings.validationInterval = 2
        let rate = ConstantSchedule(rate: .infinity)
        var diverging = try ToyTagger().trainer(settings, schedule: rate)
        #expect(throws: TrainingError.self) { try diverging.run() }
        var unmeasured = try ToyTagger().trainer(settings) { _ in ValidationResult(loss: .nan) }
        #expect(throws: TrainingError.notFinite(quantity: "validation loss", update: 2)) { try unmeasured.run() }
    }

    @Test func impossibleSettingsAreRefused() throws {
        var settings = configuration()
        settings.accumulationCount = 0
        #expect(throws: TrainingError.setting("accumulationCount", expected: "of at least 1", found: "0")) {
            try ToyTagger().trainer(settings)
        }
        settings = configuration()
        settings.clippingNorm = .nan
        #expect(throws: TrainingError.self) { try ToyTagger().trainer(settings) }
        #expect(throws: TrainingError.noBatches(epoch: 0)) {
            var trainer = try ToyTagger().trainer(configuration(updates: 1), exampleCount: 0)
            _ = try trainer.run()
        }
    }

    @Test func errorsAreSentences() {
        #expect(
            TrainingError.notFinite(quantity: "loss", update: 12).description
                == "train: expected a finite loss in update 12, found none; "
                + "lower the learning rate, lengthen the warm-up or clip gradients")
        #expect(
            TrainingError.missingMetric("BLEU", found: []).description
                == "train: expected validation to report BLEU, found only the loss; "
                + "choose the best model by what is reported, or report BLEU")
        #expect(
            TrainingError.checkpointExists(path: "run/checkpoint.safetensors").description
                == "train: expected a directory without a checkpoint, found run/checkpoint.safetensors; "
                + "resume it or choose another directory")
    }
}
