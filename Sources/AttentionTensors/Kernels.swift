package import CAttentionKernels

/// The kernel table this process uses, chosen once: names and functions that never change, so sharing it is safe.
nonisolated(unsafe) package let kernels: attn_kernels = attn_kernels_active().pointee

/// What the machine and the environment chose: reported by `attend`, never needed for computing.
public enum KernelSelection {
    /// The name of the table in use: on x86-64 `scalar`, `avx2`, `avx512`, `avx512-vnni`, `avx512-bf16` or `amx`, on arm64 `scalar` or
    /// `neon`, on other processors `scalar`.
    public static var active: String { String(cString: kernels.name) }

    /// The names of the tables this CPU can run, the slowest first.
    public static var available: [String] {
        var tables = [UnsafePointer<attn_kernels>](repeating: attn_kernels_active(), count: 8)
        let count = attn_kernels_available(&tables, tables.count)
        return tables.prefix(count).map { String(cString: $0.pointee.name) }
    }

    /// The value of `ATTENTION_KERNELS` if it names no table that this CPU can run; the fastest is then in use.
    public static var refused: String? { attn_kernels_refused().map { String(cString: $0) } }
}
