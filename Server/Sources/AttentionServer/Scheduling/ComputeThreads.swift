import Dispatch

/// Threads that compute. A model takes a thread for as long as it needs; those on which connections are served must never wait for it.
final class ComputeThreads: TaskExecutor {
    static let shared = ComputeThreads()

    private let queue = DispatchQueue(label: "attention.compute", qos: .userInitiated, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
