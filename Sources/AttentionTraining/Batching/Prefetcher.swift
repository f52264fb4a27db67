internal import CAttentionKernels
internal import Glibc

/// Makes the next batches on a thread of its own while a step is computed: in order, and never more than a few at once.
///
/// The thread ends with this object, after the batch it is at.
final class Prefetcher<Source: BatchSource> {
    /// Where the round begins that is handed out next.
    private(set) var position: BatchPosition
    private let line: RoundLine<Source>

    /// Begins to make the rounds from `position` on; nil if the system has no thread to spare.
    ///
    /// - Parameter capacity: how many may wait at once.
    init?(_ maker: BatchMaker<Source>, from position: BatchPosition, capacity: Int) {
        self.position = position
        let line = RoundLine(maker, from: position, capacity: capacity)
        self.line = line
        guard startThread({ line.fill() }) else { return nil }
    }

    deinit { line.close() }

    /// The next round, after waiting for it if need be.
    /// - Throws: whatever was wrong with the data.
    func next() throws -> BatchRound<Source.Batch> {
        let round = try line.take().get()
        position = round.next
        return round
    }
}

/// Rounds that wait to be taken.
///
/// `@unchecked Sendable` is sound here: what both threads touch (`rounds`, `isClosed`) is touched only while the lock is held, and maker and
/// position only by the thread that fills. (It is the system's lock because that has a condition to wait for.)
private final class RoundLine<Source: BatchSource>: @unchecked Sendable {
    typealias Round = Result<BatchRound<Source.Batch>, any Error>

    private var rounds: [Round] = []
    private var isClosed = false
    private let capacity: Int
    private var maker: BatchMaker<Source>
    private var position: BatchPosition
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ maker: BatchMaker<Source>, from position: BatchPosition, capacity: Int) {
        self.maker = maker
        self.position = position
        self.capacity = capacity
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(mutex)
        change.deallocate()
        mutex.deallocate()
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// What the thread does: makes rounds until the line is closed or one cannot be made.
    func fill() {
        while true {
            let round = Round { try maker.round(at: position) }
            let isFull = locked {
                rounds.append(round)
                pthread_cond_broadcast(change)
                return rounds.count >= capacity
            }
            guard case .success(let made) = round else { return }
            position = made.next
            if isFull { maker.prepareNextEpoch(at: position) }
            guard waitForRoom() else { return }
        }
    }

    private func waitForRoom() -> Bool {
        locked {
            while rounds.count >= capacity, !isClosed { pthread_cond_wait(change, mutex) }
            return !isClosed
        }
    }

    func take() -> Round {
        locked {
            while rounds.isEmpty { pthread_cond_wait(change, mutex) }
            // What failed stays, since nothing comes after it.
            if case .failure = rounds[0] { return rounds[0] }
            pthread_cond_broadcast(change)
            return rounds.removeFirst()
        }
    }

    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(change)
        }
    }
}

/// Runs `body` on a new thread that may use kernels; false if there is none to be had.
private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    let start = Unmanaged.passRetained(ThreadStart(body))
    let failure = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            attn_thread_enter()
            Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
            attn_thread_leave()
            return nil
        }, start.toOpaque())
    guard failure == 0 else {
        start.release()
        return false
    }
    pthread_detach(thread)
    return true
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
