internal import Glibc

/// The memory of this machine.
package enum PhysicalMemory {
    /// How many bytes it has.
    package static let byteCount = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))

    /// As people say it: "23.4 GB".
    package static func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
}
