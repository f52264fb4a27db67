internal import CAttentionKernels
internal import Glibc
internal import Synchronization

/// Threads that wait for work together: they spin for some microseconds after a job, since the next one usually follows at once,
/// and then sleep, so that an idle program costs nothing.
///
/// One job runs at a time. A caller that finds the team busy (another thread's job, or a job inside a job) does its work alone.
/// Workers that wake too late to be of use are not waited for.
///
/// `@unchecked Sendable` is sound here: `job` is written only by the holder of `busy` while the gate is closed and nobody is inside,
/// and is read only by workers inside the gate.
final class ThreadTeam: @unchecked Sendable {
    static let shared = ThreadTeam()

    private struct Job {
        /// On the caller's stack: workers borrow the closure and never own it.
        var body: UnsafePointer<(Int) -> Void>
        var count: Int
        /// How many workers may take part.
        var helperCount: Int
    }

    private let requested: Atomic<Int>
    /// What the environment asked for in vain.
    let refused: String?
    private let busy = Atomic<Bool>(false)
    private let gate = Atomic<Gate>(Gate(bits: 0))
    private let next = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private var job: Job?
    private var workerCount = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    private static let spinCount = 4000
    /// More threads than any machine has cores, and few enough for the gate's counter.
    private static let threadLimit = 1024

    private init() {
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let wanted = getenv("ATTENTION_THREADS").map { String(cString: $0) } ?? ""
        let count = Int(wanted).flatMap { 1...Self.threadLimit ~= $0 ? $0 : nil }
        requested = Atomic(count ?? min(cores, Self.threadLimit))
        refused = count == nil && !wanted.isEmpty ? wanted : nil
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
    }

    var threadCount: Int { requested.load(ordering: .relaxed) }

    /// Whether somebody's job runs just now.
    var isBusy: Bool { busy.load(ordering: .relaxed) }

    func setThreadCount(_ count: Int) { requested.store(min(count, Self.threadLimit), ordering: .relaxed) }

    /// Runs `body(0..<count)`, each index once, on this thread and the workers; returns when all are done.
    func run(_ count: Int, _ body: (Int) -> Void) {
        guard !busy.exchange(true, ordering: .acquiring) else {
            for index in 0..<count { body(index) }
            return
        }
        startWorkers(threadCount - 1)
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { share($0, count) }
        }
        busy.store(false, ordering: .releasing)
    }

    private func share(_ body: UnsafePointer<(Int) -> Void>, _ count: Int) {
        job = Job(body: body, count: count, helperCount: threadCount - 1)
        next.store(0, ordering: .relaxed)
        let generation = gate.load(ordering: .relaxed).generation + 1
        gate.store(.opened(generation), ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
            pthread_mutex_lock(mutex)
            pthread_cond_broadcast(wake)
            pthread_mutex_unlock(mutex)
        }
        takeChunks(of: count, body)
        closeGate()
        job = nil
    }

    /// Lets no more workers in and waits for those inside.
    private func closeGate() {
        var current = gate.load(ordering: .relaxed)
        while true {
            let (exchanged, original) = gate.weakCompareExchange(
                expected: current, desired: current.closed, ordering: .acquiringAndReleasing)
            if exchanged { break }
            current = original
        }
        while gate.load(ordering: .acquiring).insideCount > 0 { attn_spin_pause() }
    }

    /// Counts a worker in, if the gate is open to a job it has not seen; tells which.
    private func enter(after seen: UInt64) -> UInt64? {
        var current = gate.load(ordering: .acquiring)
        while current.isOpen, current.generation != seen {
            let (exchanged, original) = gate.weakCompareExchange(
                expected: current, desired: current.entered, ordering: .acquiringAndReleasing)
            if exchanged { return current.generation }
            current = original
        }
        return nil
    }

    private func leave() {
        var current = gate.load(ordering: .relaxed)
        while true {
            let (exchanged, original) = gate.weakCompareExchange(
                expected: current, desired: current.left, ordering: .acquiringAndReleasing)
            if exchanged { return }
            current = original
        }
    }

    /// Never inlined, so that whatever the closure's calls retain is released before the caller is told that this worker is done.
    @inline(never)
    private func takeChunks(of count: Int, _ body: UnsafePointer<(Int) -> Void>) {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body.pointee(index)
        }
    }

    private func work(as index: Int) {
        attn_thread_enter()
        var seen: UInt64 = 0
        while true {
            waitForJob(after: seen)
            guard let generation = enter(after: seen) else {
                seen = gate.load(ordering: .acquiring).generation
                continue
            }
            seen = generation
            if let job, index < job.helperCount { takeChunks(of: job.count, job.body) }
            leave()
        }
    }

    private func waitForJob(after seen: UInt64) {
        for _ in 0..<Self.spinCount {
            if gate.load(ordering: .acquiring).generation != seen { return }
            attn_spin_pause()
        }
        pthread_mutex_lock(mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while gate.load(ordering: .sequentiallyConsistent).generation == seen { pthread_cond_wait(wake, mutex) }
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }
}

extension ThreadTeam {
    /// Workers are started when they are first needed and stay; a smaller thread count leaves the others out.
    private func startWorkers(_ count: Int) {
        while workerCount < count {
            var thread = pthread_t()
            let start = Unmanaged.passRetained(WorkerStart(team: self, index: workerCount)).toOpaque()
            let failure = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
                    start.team.work(as: start.index)
                    return nil
                }, start)
            guard failure == 0 else {
                Unmanaged<WorkerStart>.fromOpaque(start).release()
                return requested.store(workerCount + 1, ordering: .relaxed)
            }
            pthread_detach(thread)
            workerCount += 1
        }
    }

    private final class WorkerStart {
        let team: ThreadTeam
        let index: Int
        init(team: ThreadTeam, index: Int) {
            self.team = team
            self.index = index
        }
    }
}

/// A job's number, whether it may still be joined, and how many workers are at it, in one word.
private struct Gate: AtomicRepresentable, RawRepresentable {
    typealias AtomicRepresentation = UInt64.AtomicRepresentation
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }
    init(bits: UInt64) { rawValue = bits }

    private static let openBit: UInt64 = 1 << 15

    static func opened(_ generation: UInt64) -> Gate { Gate(bits: generation << 16 | openBit) }

    var generation: UInt64 { rawValue >> 16 }
    var isOpen: Bool { rawValue & Self.openBit != 0 }
    var insideCount: UInt64 { rawValue & (Self.openBit - 1) }
    var closed: Gate { Gate(bits: rawValue & ~Self.openBit) }
    var entered: Gate { Gate(bits: rawValue + 1) }
    var left: Gate { Gate(bits: rawValue - 1) }
}
