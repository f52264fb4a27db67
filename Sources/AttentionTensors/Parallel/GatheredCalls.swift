internal import Glibc

/// A call that takes one round of work or several.
package protocol GatheredCall: Sendable {
    /// Whether it is answered, so that whoever called may go on.
    var isAnswered: Bool { get }
    /// How many rows of one token it brings, if one thread may take it on alone; nil for what threads are to share.
    var rowCount: Int? { get }
}

extension GatheredCall {
    /// What is not known to be small is for all threads together.
    package var rowCount: Int? { nil }
}

/// Calls of several threads that are answered together: while the calls of one round are worked on, those of the next come together. A round of many
/// rows is shared among the threads that compute.
///
/// Whoever comes while nobody works does the work of a round for all. Before, it waits until as many are there as were in the last round or came
/// meanwhile, since those who were answered come back soon, one after the other where they are more than there are processors; but no longer than
/// `patience` after the last who came: of those who do not come back nobody knows. A single caller never waits. A caller whose task is cancelled while it
/// waits for a round gets its call back as it is.
///
/// `@unchecked Sendable` is sound here: whatever changes is read and written by the holder of `mutex` only.
package final class GatheredCalls<Call: GatheredCall>: @unchecked Sendable {
    /// Takes the calls of a round on, each as far as it likes, but one of them at least to its end or nearer to it.
    package typealias Work = @Sendable (inout [Call]) -> Void

    private let work: Work
    /// In nanoseconds.
    private let patience: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Somebody has come; the round is over.
    private let (arrival, end) = (
        UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1),
        UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    )
    private var waitingIDs: [Int] = []
    private var waitingCalls: [Call] = []
    private var answers: [Int: Call] = [:]
    private var lastID = 0
    private var isWorking = false
    private var expectedCount = 1
    /// When somebody came last or the last round ended.
    private var lastChange = 0

    /// Calls that `work` answers.
    /// - Parameter patience: how long a round waits at most for one more.
    package init(patience: Duration = .milliseconds(1), work: @escaping Work) {
        let (seconds, attoseconds) = patience.components
        (self.work, self.patience) = (work, Int(seconds) * Self.second + Int(attoseconds / 1_000_000_000))
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrival, &attributes)
        pthread_cond_init(end, nil)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_cond_destroy(end)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        end.deallocate()
        mutex.deallocate()
    }

    private static var second: Int { 1_000_000_000 }

    /// Nanoseconds of a clock that nobody sets.
    private static var now: Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * second + now.tv_nsec
    }

    /// The call as it was answered; as it is if the task was cancelled before that. The thread waits, and works for others while it does.
    package func answer(_ call: consuming Call) -> Call {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        lastID += 1
        let id = lastID
        waitingIDs.append(id)
        waitingCalls.append(call)
        lastChange = Self.now
        // Whoever waits for others need not know of each of them.
        if waitingCalls.count >= expectedCount { pthread_cond_signal(arrival) }
        while true {
            if let answered = answers.removeValue(forKey: id) { return answered }
            if Task.isCancelled, let withdrawn = withdraw(id) { return withdrawn }
            if isWorking { pthread_cond_wait(end, mutex) } else { workForAll() }
        }
    }

    /// Takes a call back of which nobody works; nil if it does not wait.
    private func withdraw(_ id: Int) -> Call? {
        guard let place = waitingIDs.firstIndex(of: id) else { return nil }
        waitingIDs.remove(at: place)
        return waitingCalls.remove(at: place)
    }

    /// One round. The caller holds the mutex, and holds it again afterwards.
    private func workForAll() {
        isWorking = true
        waitForOthers()
        var (ids, calls): ([Int], [Call]) = ([], [])
        swap(&ids, &waitingIDs)
        // Nobody else may hold what a call carries, or to change it would copy it.
        swap(&calls, &waitingCalls)
        pthread_mutex_unlock(mutex)
        takeOn(&calls)
        pthread_mutex_lock(mutex)
        // Those of this round come back, and those who have come meanwhile are there: else two would take turns for ever.
        expectedCount = calls.count + waitingCalls.count
        for place in ids.indices.reversed() {
            let call = calls.removeLast()
            if call.isAnswered {
                answers[ids[place]] = call
            } else {
                waitingIDs.insert(ids[place], at: 0)
                waitingCalls.insert(call, at: 0)
            }
        }
        isWorking = false
        lastChange = Self.now
        pthread_cond_broadcast(end)
    }

    /// Takes the calls of a round on.
    private func takeOn(_ calls: inout [Call]) {
        let ranges = Self.shares(of: calls.map(\.rowCount), threadCount: Parallel.threadCount)
        // A thread that is alone reads the weights once for all of them, and is helped as soon as others are free.
        guard ranges.count > 1, !Parallel.isBusy else { return work(&calls) }
        let shares = ranges.map { Share(Array(calls[$0])) }
        // Nobody else may hold what a call carries.
        calls = []
        Parallel.forEach(shares.count) { work(&shares[$0].calls) }
        for share in shares { calls += share.calls }
    }

    /// What one thread takes on.
    private final class Share {
        var calls: [Call]

        init(_ calls: [Call]) { self.calls = calls }
    }

    /// Which calls each thread takes on alone, so that none waits for others within a step: about as many rows each, where all are known, no call has more than
    /// a thread's part of them, and each thread has enough for products to be worth the weights that it then reads for itself. Otherwise one share, for all
    /// threads.
    package static func shares(of rowCounts: [Int?], threadCount: Int) -> [Range<Int>] {
        let counts = rowCounts.compactMap(\.self)
        let (total, most) = (counts.reduce(0, +), counts.max() ?? 0)
        guard counts.count == rowCounts.count, total >= 24 * threadCount, most * threadCount <= total else {
            return [0..<rowCounts.count]
        }
        var shares: [Range<Int>] = []
        var (start, sum) = (0, 0)
        for (place, count) in counts.enumerated() {
            sum += count
            guard sum * threadCount >= total * (shares.count + 1) else { continue }
            shares.append(start..<place + 1)
            start = place + 1
        }
        return shares
    }

    private func waitForOthers() {
        while waitingCalls.count < expectedCount {
            let end = lastChange + patience
            guard Self.now < end else { return }
            var deadline = timespec(tv_sec: end / Self.second, tv_nsec: end % Self.second)
            // Whoever came meanwhile has moved the end.
            pthread_cond_timedwait(arrival, mutex, &deadline)
        }
    }
}
