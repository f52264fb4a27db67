import AttentionFiles
import AttentionTensors
import Synchronization
import Testing

@Suite struct ParallelTests {
    @Test func everyIndexIsVisitedOnce() {
        for round in 0..<2000 {
            let count = round % 50
            let total = Atomic<Int>(0)
            Parallel.forEach(count) { total.wrappingAdd($0 + 1, ordering: .relaxed) }
            #expect(total.load(ordering: .relaxed) == count * (count + 1) / 2)
        }
    }

    @Test func chunksCoverTheRange() {
        for count in [0, 1, 5, 17, 1000, 4097] {
            for grain in [1, 3, 100, 5000] {
                let total = Atomic<Int>(0)
                Parallel.forEachChunk(of: count, grain: grain) { range in
                    total.wrappingAdd(range.reduce(0, +), ordering: .relaxed)
                }
                #expect(total.load(ordering: .relaxed) == count * (count - 1) / 2)
            }
        }
    }

    @Test func jobsInsideJobsAndFromSeveralTasks() async {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let total = Atomic<Int>(0)
                    for _ in 0..<200 {
                        Parallel.forEach(4) { outer in
                            Parallel.forEach(3) { inner in total.wrappingAdd(outer * inner, ordering: .relaxed) }
                        }
                    }
                    return total.load(ordering: .relaxed)
                }
            }
            for await total in group { #expect(total == 200 * 18) }
        }
    }

    @Test func computationsBesideOneAnotherKeepTheirOrderAndPrecision() throws {
        for count in [0, 1, 2, 7, 100] {
            var told: [Int] = []
            func progress(_ done: Int) { told.append(done) }
            let results = try withPrecision(.bfloat16) {
                try Parallel.map(count, progress: progress) { index in
                    let total = Atomic<Int>(0)
                    Parallel.forEach(3) { total.wrappingAdd(index + $0, ordering: .relaxed) }
                    return (total.load(ordering: .relaxed), Precision.current)
                }
            }
            #expect(results.map(\.0) == (0..<count).map { 3 * $0 + 3 })
            #expect(results.allSatisfy { $0.1 == .bfloat16 })
            #expect(told == Array(Set(told)).sorted() && told.last ?? 0 == count)
        }
    }

    @Test func theFirstFailureIsThrownAndNothingElseBegins() {
        struct Failure: Error {}
        let begun = Atomic<Int>(0)
        func progress(_ done: Int) { Issue.record("\(done) are said to be done") }
        #expect(throws: Failure.self) {
            try Parallel.map(10_000, progress: progress) { _ in
                begun.wrappingAdd(1, ordering: .relaxed)
                throw Failure()
            }
        }
        #expect(begun.load(ordering: .relaxed) <= Parallel.threadCount)
    }
}
