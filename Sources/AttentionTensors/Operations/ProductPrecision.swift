internal import CAttentionKernels
import Synchronization

/// How precise the operands of matrix products are. Sums are always in float32.
///
/// Set once for the process, before computing: it answers what a model would give on hardware that multiplies 16-bit numbers.
public enum ProductPrecision: Int, Sendable, Hashable, CaseIterable {
    /// As they are.
    case float32
    /// Rounded to 8 significant bits.
    case bfloat16

    private static let chosen = Atomic<Int>(ProductPrecision.float32.rawValue)

    /// What products use now.
    public static var current: ProductPrecision {
        ProductPrecision(rawValue: chosen.load(ordering: .relaxed)) ?? .float32
    }

    /// Chooses what products use from now on.
    public static func use(_ precision: ProductPrecision) { chosen.store(precision.rawValue, ordering: .relaxed) }
}

extension attn_product {
    /// Calls `body` with the same product of operands rounded to bfloat16.
    func withRoundedOperands(_ body: (attn_product) -> Void) {
        let left = Scratch(bytes: 4 * rows * depth)
        let right = Scratch(bytes: 4 * depth * columns)
        var rounded = self
        rounded.a = round(a, rows, depth, a_row_stride, a_column_stride, to: left.pointer)
        (rounded.a_row_stride, rounded.a_column_stride) = (depth, 1)
        rounded.b = round(b, depth, columns, b_row_stride, b_column_stride, to: right.pointer)
        (rounded.b_row_stride, rounded.b_column_stride) = (columns, 1)
        body(rounded)
    }

    private func round(
        _ source: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ rowStride: Int, _ columnStride: Int,
        to memory: UnsafeMutableRawPointer
    ) -> UnsafePointer<Float> {
        let target = memory.assumingMemoryBound(to: Float.self)
        for row in 0..<rows {
            for column in 0..<columns {
                target[row * columns + column] = source[row * rowStride + column * columnStride].roundedToBFloat16
            }
        }
        return UnsafePointer(target)
    }
}

extension Float {
    /// The nearest number with 8 significant bits, of two equally near ones the even one; infinities and NaN as they are.
    package var roundedToBFloat16: Float {
        guard isFinite else { return self }
        let bits = bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }
}
