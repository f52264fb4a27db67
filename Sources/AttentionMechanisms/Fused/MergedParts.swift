internal import AttentionTensors
internal import CAttentionKernels
internal import Glibc

/// What one query read in parts of the keys as what it read in all: out = Σ_p exp(l_p − l) c_p with l = ln Σ_p exp(l_p), which is returned.
func mergeParts(
    _ rows: [Int], _ contexts: UnsafePointer<Float>, _ logSums: UnsafePointer<Float>, size: Int,
    into out: UnsafeMutablePointer<Float>
) -> Float {
    let maximum = rows.reduce(-Float.infinity) { max($0, logSums[$1]) }
    let shift = maximum == -.infinity ? 0 : maximum
    let total = rows.reduce(Float(0)) { $0 + expf(logSums[$1] - shift) }
    out.update(repeating: 0, count: size)
    for row in rows where logSums[row] != -.infinity {
        kernels.accumulate_scaled(out, contexts + row * size, expf(logSums[row] - shift) / total, size)
    }
    return shift + logf(total)
}
