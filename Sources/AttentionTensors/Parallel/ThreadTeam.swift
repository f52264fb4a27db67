internal import CAttentionKernels
internal import Glibc
internal import Synchronization

/// Threads that wait for work together: they spin for some microseconds after a job, since the next one usually follows at once,
/// and then sleep, so that an idle program costs nothing.
///
/// One job runs at a time. A caller that finds the team busy (another thread's job, or a job inside a job) does its work alone.
///
/// `@unchecked Sendable` is sound here: `job` is written only by the holder of `busy` while no worker is inside `work`, and is read
/// by workers between the release-store of `generation` and their decrement of `active`.
final class ThreadTeam: @unchecked Sendable {
    static let shared = ThreadTeam()

    private struct Job {
        var body: (Int) -> Void
        var count: Int
        /// How many workers take chunks; the others only report back.
        var helperCount: Int
    }

    private let requested: Atomic<Int>
    private let busy = Atomic<Bool>(false)
    private let generation = Atomic<Int>(0)
    private let next = Atomic<Int>(0)
    private let active = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private var job: Job?
    private var workerCount = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    private static let spinCount = 4000

    private init() {
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let wanted = getenv("ATTENTION_THREADS").flatMap { Int(String(cString: $0)) } ?? cores
        requested = Atomic(max(1, wanted))
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
    }

    var threadCount: Int { requested.load(ordering: .relaxed) }

    func setThreadCount(_ count: Int) { requested.store(count, ordering: .relaxed) }

    /// Runs `body(0..<count)`, each index once, on this thread and the workers; returns when all are done.
    func run(_ count: Int, _ body: (Int) -> Void) {
        guard !busy.exchange(true, ordering: .acquiring) else {
            for index in 0..<count { body(index) }
            return
        }
        startWorkers(threadCount - 1)
        withoutActuallyEscaping(body) { body in
            job = Job(body: body, count: count, helperCount: threadCount - 1)
            next.store(0, ordering: .relaxed)
            active.store(workerCount, ordering: .relaxed)
            generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                pthread_mutex_lock(mutex)
                pthread_cond_broadcast(wake)
                pthread_mutex_unlock(mutex)
            }
            takeChunks(of: count, body)
            while active.load(ordering: .acquiring) > 0 { attn_spin_pause() }
            job = nil
        }
        busy.store(false, ordering: .releasing)
    }

    private func takeChunks(of count: Int, _ body: (Int) -> Void) {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body(index)
        }
    }

    /// Workers are started when they are first needed and stay; a smaller thread count leaves the others out of `active` chunks.
    private func startWorkers(_ count: Int) {
        while workerCount < count {
            workerCount += 1
            let seen = generation.load(ordering: .relaxed)
            var thread = pthread_t()
            let start = Unmanaged.passRetained(WorkerStart(team: self, index: workerCount - 1, generation: seen)).toOpaque()
            let failure = pthread_create(&thread, nil, { argument in
                guard let argument else { return nil }
                let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
                start.team.work(as: start.index, from: start.generation)
                return nil
            }, start)
            guard failure == 0 else {
                Unmanaged<WorkerStart>.fromOpaque(start).release()
                workerCount -= 1
                requested.store(workerCount + 1, ordering: .relaxed)
                return
            }
            pthread_detach(thread)
        }
    }

    private final class WorkerStart {
        let team: ThreadTeam
        let index: Int
        let generation: Int
        init(team: ThreadTeam, index: Int, generation: Int) {
            self.team = team
            self.index = index
            self.generation = generation
        }
    }

    private func work(as index: Int, from start: Int) {
        attn_thread_enter()
        var seen = start
        while true {
            waitForJob(after: seen)
            seen += 1
            if let job, index < job.helperCount { takeChunks(of: job.count, job.body) }
            active.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        }
    }

    private func waitForJob(after seen: Int) {
        for _ in 0..<Self.spinCount {
            if generation.load(ordering: .acquiring) != seen { return }
            attn_spin_pause()
        }
        pthread_mutex_lock(mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(wake, mutex) }
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }
}
