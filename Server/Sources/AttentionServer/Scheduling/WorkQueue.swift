/// What waits for a model and what is computed with it, whatever that is.
package protocol WorkQueue: Actor {
    nonisolated var limits: SchedulerSettings { get }
    /// How many rows wait.
    var waitingRows: Int { get }
    /// Whether nothing waits and nothing is computed.
    var isIdle: Bool { get }
}

extension Scheduler: WorkQueue {}
