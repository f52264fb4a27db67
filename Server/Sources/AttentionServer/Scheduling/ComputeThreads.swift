import Dispatch

/// Threads that compute. A model takes a thread for as long as it needs; those on which connections are served must never wait for it.
///
/// Each job has a queue of its own. One queue for all, if concurrent, has as many threads as there are cores and hardly more, even where they wait for
/// one another, as texts do that are written together.
final class ComputeThreads: TaskExecutor {
    static let shared = ComputeThreads()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        DispatchQueue(label: "attention.compute", qos: .userInitiated).async {
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
