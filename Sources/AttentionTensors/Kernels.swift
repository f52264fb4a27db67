package import CAttentionKernels

/// The kernel table this process uses, chosen once: names and functions that never change, so sharing it is safe.
nonisolated(unsafe) package let kernels: attn_kernels = attn_kernels_active().pointee

/// What the machine and the environment chose: reported by `attend`, never needed for computing.
public enum KernelSelection {
    /// The name of the table in use: `scalar`, `avx2`, `avx512`, `amx` or `neon`.
    public static var active: String { String(cString: kernels.name) }

    /// The value of `ATTENTION_KERNELS` if it names no table that this CPU can run.
    public static var refused: String? { attn_kernels_refused().map { String(cString: $0) } }
}
