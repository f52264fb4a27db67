import AttentionTensors
import AttentionTraining
import Glibc
import Synchronization
import Testing
import TrainingProbe

/// Batches that are made ahead are those that would have been made, and never many at once.
struct PrefetchTests {
    /// Counts the batches and epochs that are made.
    private final class Counted: BatchSource {
        let made = Atomic<Int>(0)
        let epochs = Atomic<Int>(0)
        let failing: Int?

        init(failing: Int? = nil) { self.failing = failing }

        struct Failure: Error {}

        func epoch(_ number: Int) -> Epoch<[SequencePair]> {
            epochs.wrappingAdd(1, ordering: .relaxed)
            return Epoch(count: 5) { index in
                if 5 * number + index == self.failing { throw Failure() }
                self.made.wrappingAdd(1, ordering: .relaxed)
                return [SequencePair(source: [index], target: [number % 12])]
            }
        }
    }

    /// What batches a training of so many updates reads, as epoch and index, and how many batches were made when it read each.
    private func read(
        _ source: Counted, updates: Int, prefetch: Int, pause: UInt32 = 0
    ) throws -> (batches: [[Int]], ahead: [Int]) {
        var settings = TrainingConfiguration()
        settings.maximumUpdates = updates
        settings.prefetchCount = prefetch
        var (batches, ahead): ([[Int]], [Int]) = ([], [])
        var trainer = try Trainer(
            model: ToyTagger(), schedule: ConstantSchedule(rate: 0.01), batches: source, configuration: settings,
            loss: { model, batch, step in
                usleep(pause)
                batches.append([batch[0].target[0], batch[0].source[0]])
                ahead.append(source.made.load(ordering: .relaxed) - batches.count)
                return try model.loss(batch, key: nil)
            })
        _ = try trainer.run()
        return (batches, ahead)
    }

    @Test(arguments: [0, 1, 2, 7])
    func batchesComeInOrder(prefetch: Int) throws {
        let expected = (0..<17).map { [$0 / 5, $0 % 5] }
        #expect(try read(Counted(), updates: 17, prefetch: prefetch).batches == expected)
    }

    @Test func noMoreThanAskedForAreMadeAhead() throws {
        let (_, ahead) = try read(Counted(), updates: 12, prefetch: 3, pause: 20_000)
        // Three wait, and a fourth may be in the making.
        #expect(ahead.allSatisfy { $0 <= 4 })
        #expect(ahead.contains(3), "\(ahead)")
        #expect(try read(Counted(), updates: 12, prefetch: 0).ahead == [Int](repeating: 0, count: 12))
    }

    @Test func anEpochIsMadeOnce() throws {
        for prefetch in [0, 2] {
            let source = Counted()
            _ = try read(source, updates: 13, prefetch: prefetch)
            // Three are read; the next may be ready.
            #expect((3...4).contains(source.epochs.load(ordering: .relaxed)))
        }
    }

    @Test func whatIsWrongWithTheDataComesWhereItIs() throws {
        #expect(throws: Counted.Failure.self) { try read(Counted(failing: 7), updates: 20, prefetch: 2) }
        #expect(try read(Counted(failing: 7), updates: 7, prefetch: 2).batches.count == 7)
    }

    @Test func trainingsAreTheSameWithAndWithout() throws {
        let weights = try [0, 1, 5].map { prefetch in
            var settings = TrainingConfiguration()
            settings.maximumUpdates = 30
            settings.prefetchCount = prefetch
            var trainer = try ToyTagger().trainer(settings)
            _ = try trainer.run()
            return trainer.model.parameters().map(\.parameter.tensor.values)
        }
        #expect(weights[0] == weights[1] && weights[0] == weights[2])
    }
}
