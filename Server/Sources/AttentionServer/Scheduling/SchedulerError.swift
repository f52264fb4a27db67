/// Why a scheduler does not compute something.
public enum SchedulerError: Error, Sendable, Hashable {
    /// As much waits already as may wait.
    case full
    /// It has waited for as long as anything may.
    case expired
}
