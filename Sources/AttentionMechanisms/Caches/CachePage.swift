internal import AttentionTensors
internal import CAttentionKernels

/// What all pages of a cache have in common.
struct PageLayout: Sendable, Hashable {
    let headCount: Int
    let keySize: Int
    let valueSize: Int
    /// The positions of a page.
    let length: Int
    let format: PageFormat

    fileprivate var keyBytes: Int { format.byteCount(length, size: keySize) }
    fileprivate var valueBytes: Int { format.byteCount(length, size: valueSize) }
    /// One head's keys, then its values; then the next head's.
    fileprivate var headBytes: Int { keyBytes + valueBytes }
    var byteCount: Int { headCount * headBytes }
}

/// The keys and values of all heads at a fixed number of consecutive positions: the only place where a cache touches memory.
///
/// `@unchecked Sendable` is sound here: a page is written only while it has one owner, which `KeyValueCache` makes sure of; whoever shares
/// it only reads.
final class CachePage: @unchecked Sendable {
    private let layout: PageLayout
    private let storage: Storage

    /// An empty page.
    init(_ layout: PageLayout) {
        self.layout = layout
        storage = Storage(count: (layout.byteCount + 3) / 4)
    }

    /// A page of one's own with the same numbers at the first `count` positions.
    convenience init(copying other: CachePage, count: Int) {
        self.init(other.layout)
        for head in 0..<layout.headCount {
            rows(head, .keys).copy(from: other.rows(head, .keys), count: count)
            rows(head, .values).copy(from: other.rows(head, .values), count: count)
        }
    }

    /// What a position keeps.
    enum Part { case keys, values }

    /// The vectors of one head.
    private func rows(_ head: Int, _ part: Part) -> PageRows {
        let start = UnsafeMutableRawPointer(storage.elements) + head * layout.headBytes
        return switch part {
        case .keys: PageRows(start: start, count: layout.length, size: layout.keySize, format: layout.format)
        case .values:
            PageRows(
                start: start + layout.keyBytes, count: layout.length, size: layout.valueSize, format: layout.format)
        }
    }

    /// Keeps `count` vectors, `stride` numbers apart, at the positions from `slot` on.
    func write(_ part: Part, head: Int, slot: Int, from source: UnsafePointer<Float>, stride: Int, count: Int) {
        let rows = rows(head, part)
        for index in 0..<count { rows.write(source + index * stride, at: slot + index) }
    }

    /// The vectors of one head as they lie; nil if they are not float32.
    func floats(_ part: Part, head: Int) -> UnsafePointer<Float>? {
        layout.format == .float32 ? UnsafePointer(rows(head, part).start.assumingMemoryBound(to: Float.self)) : nil
    }

    /// The vectors of one head at these positions, widened to float32, one after the other.
    func read(_ part: Part, head: Int, _ slots: Range<Int>, into out: UnsafeMutablePointer<Float>) {
        rows(head, part).read(slots, into: out)
    }
}

/// Vectors of one size in one format; in int8 their scales stand behind them.
private struct PageRows {
    let start: UnsafeMutableRawPointer
    let count: Int
    let size: Int
    let format: PageFormat

    private var floats: UnsafeMutablePointer<Float> { start.assumingMemoryBound(to: Float.self) }
    private var halves: UnsafeMutablePointer<UInt16> { start.assumingMemoryBound(to: UInt16.self) }
    private var integers: UnsafeMutablePointer<Int8> { start.assumingMemoryBound(to: Int8.self) }
    private var scales: UnsafeMutablePointer<Float> {
        (start + (count * size + 3) / 4 * 4).assumingMemoryBound(to: Float.self)
    }

    func copy(from other: PageRows, count: Int) {
        switch format {
        case .float32: floats.update(from: other.floats, count: count * size)
        case .bfloat16: halves.update(from: other.halves, count: count * size)
        case .int8:
            integers.update(from: other.integers, count: count * size)
            scales.update(from: other.scales, count: count)
        }
    }

    func write(_ row: UnsafePointer<Float>, at slot: Int) {
        switch format {
        case .float32: (floats + slot * size).update(from: row, count: size)
        case .bfloat16: kernels.bfloat16_from_float(halves + slot * size, row, size)
        case .int8: quantize(row, at: slot)
        }
    }

    /// The largest becomes ±127. What is no number makes a scale that is none, so that it is not lost.
    private func quantize(_ row: UnsafePointer<Float>, at slot: Int) {
        var (largest, isFinite): (Float, Bool) = (0, true)
        for index in 0..<size {
            largest = max(largest, abs(row[index]))
            isFinite = isFinite && row[index].isFinite
        }
        let factor: Float = largest > 0 && isFinite ? 127 / largest : 0
        scales[slot] = isFinite ? largest / 127 : .nan
        for index in 0..<size {
            integers[slot * size + index] = Int8(isFinite ? min(max((row[index] * factor).rounded(), -127), 127) : 1)
        }
    }

    func read(_ slots: Range<Int>, into out: UnsafeMutablePointer<Float>) {
        let first = slots.lowerBound * size
        switch format {
        case .float32: out.update(from: floats + first, count: slots.count * size)
        case .bfloat16: kernels.float_from_bfloat16(out, halves + first, slots.count * size)
        case .int8:
            for (index, slot) in slots.enumerated() {
                let scale = scales[slot]
                for feature in 0..<size {
                    out[index * size + feature] = scale * Float(integers[slot * size + feature])
                }
            }
        }
    }
}
