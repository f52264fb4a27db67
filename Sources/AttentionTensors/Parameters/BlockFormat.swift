internal import CAttentionKernels

/// How weights lie in blocks: runs of small integers that share scales, as GGUF files have them.
///
/// Each row of a matrix is whole blocks. Products read them where they lie: nothing is widened but what is being multiplied.
/// Source: the formats of ggml, under whose names they are known.
public enum BlockFormat: String, Sendable, Hashable, CaseIterable {
    /// 32 integers of −8 … 7 times a float16: 4.5 bits a number.
    case q40 = "q4_0"
    /// 32 integers of 0 … 15 times a float16, and another added: 5 bits a number.
    case q41 = "q4_1"
    /// 32 integers of −16 … 15 times a float16: 5.5 bits a number.
    case q50 = "q5_0"
    /// 32 integers of 0 … 31 times a float16, and another added: 6 bits a number.
    case q51 = "q5_1"
    /// 32 integers of −127 … 127 times a float16: 8.5 bits a number.
    case q80 = "q8_0"
    /// Eight groups of 32 integers of 4 bits, with scales and least values of 6 bits: 4.5 bits a number.
    case q4K = "q4_k"
    /// Eight groups of 32 integers of 5 bits likewise: 5.5 bits a number.
    case q5K = "q5_k"
    /// Sixteen groups of 16 integers of 6 bits, with scales of 8 bits: 6.6 bits a number.
    case q6K = "q6_k"

    /// How many numbers a block holds.
    public var numberCount: Int { kernel.numbers }
    /// The bytes it takes.
    public var byteCount: Int { kernel.bytes }
    /// Whether numbers can be brought to this format here; the others are only read.
    public var isMade: Bool { self == .q40 || self == .q80 }

    /// What the kernels in use do with it.
    var kernel: attn_block_format {
        switch self {
        case .q40: kernels.blocks.0
        case .q41: kernels.blocks.1
        case .q50: kernels.blocks.2
        case .q51: kernels.blocks.3
        case .q80: kernels.blocks.4
        case .q4K: kernels.blocks.5
        case .q5K: kernels.blocks.6
        case .q6K: kernels.blocks.7
        }
    }
}
