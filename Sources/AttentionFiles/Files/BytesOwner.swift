/// Who keeps bytes that are only read.
public enum BytesOwner: String, Sendable, Hashable {
    /// The memory of this process.
    case memory
    /// A file that is mapped: the system reads it as it is used, and may forget it again.
    case file
    /// The program itself.
    case program
}
