/// What waits for a model and what is computed with it, whatever that is.
package protocol WorkQueue: Actor {
    nonisolated var limits: SchedulerSettings { get }
    /// How many rows wait.
    var waitingRows: Int { get }
    /// Whether so many rows more of a client may wait.
    func mayWait(_ rows: Int, tokens: Int, of client: String) -> Bool
    /// Whether nothing waits and nothing is computed.
    var isIdle: Bool { get }
}

extension Scheduler: WorkQueue {}
