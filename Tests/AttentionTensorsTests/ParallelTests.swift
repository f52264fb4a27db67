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
}
