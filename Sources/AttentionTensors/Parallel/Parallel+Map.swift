internal import Glibc
internal import Synchronization

extension Parallel {
    /// Whole computations beside one another, each on one thread: `body(0)`, …, `body(count - 1)`, whose results come in this order.
    ///
    /// What a body would share among the team it computes alone, so that nobody waits for anybody within it. That is the faster way where
    /// there are several bodies for each thread; the results are the same as one after the other. Each computes with the caller's
    /// precision and ablation. Once one has thrown no other is begun.
    /// - Parameter progress: told on the calling thread how many are done, in growing numbers.
    /// - Throws: what the first that failed threw.
    package static func map<Result>(
        _ count: Int, progress: (Int) -> Void = { _ in }, _ body: (Int) throws -> Result
    ) throws -> [Result] {
        var results = [Swift.Result<Result, any Error>?](repeating: nil, count: count)
        let done = Atomic<Int>(0)
        let failed = Atomic<Bool>(false)
        let (caller, precision, ablation) = (pthread_self(), Precision.current, Ablation.current)
        results.withUnsafeMutableBufferPointer { results in
            forEach(count) { index in
                guard !failed.load(ordering: .relaxed) else { return }
                let result = withPrecision(precision) {
                    withAblation(ablation) { Swift.Result { try body(index) } }
                }
                results[index] = result
                if case .failure = result { return failed.store(true, ordering: .relaxed) }
                let total = done.wrappingAdd(1, ordering: .relaxed).newValue
                if total < count, pthread_equal(pthread_self(), caller) != 0 { progress(total) }
            }
        }
        let found = try results.compactMap { try $0?.get() }
        if count > 0 { progress(count) }
        return found
    }
}
