import AttentionFiles
internal import CAttentionKernels
internal import Synchronization

/// Numbers narrower than float32, one after another where they lie: bfloat16, float16, int8 with a scale for each run of `rowSize`, or
/// blocks.
final class StoredNumbers: Sendable {
    let format: Parameter.Format
    let bytes: SharedBytes
    let scales: [Float]
    /// How many numbers share a scale.
    let rowSize: Int
    /// The whole as float32, once anyone has asked for it, if it is small.
    private let widened = AtomicLazyReference<WholeTensor>()

    /// As large as the vectors of a large model, biases and gains: those that are read again and again as a whole.
    private static let keptCount = 1 << 14

    private final class WholeTensor: Sendable {
        let tensor: Tensor
        init(_ tensor: Tensor) { self.tensor = tensor }
    }

    /// Numbers of this format in these bytes, which are copied unless they are aligned.
    init(_ format: Parameter.Format, _ bytes: SharedBytes, scales: [Float] = [], rowSize: Int = 1) {
        (self.format, self.scales, self.rowSize) = (format, scales, rowSize)
        self.bytes = bytes.aligned(to: format.elementType.byteCount)
    }

    var owner: BytesOwner { bytes.owner.owner }

    /// Writes `count` of the numbers as float32, every `step`th from `first` on.
    func widen(from first: Int, count: Int, step: Int = 1, to out: UnsafeMutablePointer<Float>) {
        guard count > 0 else { return }
        guard step == 1 else {
            for index in 0..<count { widen(from: first + index * step, count: 1, to: out + index) }
            return
        }
        bytes.withBytes { bytes in
            switch format {
            case .bfloat16: kernels.float_from_bfloat16(out, bytes.elements(UInt16.self) + first, count)
            case .float16: kernels.float_from_float16(out, bytes.elements(UInt16.self) + first, count)
            case .blocks(let blocks): blocks.kernel.widen(out, bytes.baseAddress.unsafelyUnwrapped, first, count)
            case .int8: widenIntegers(bytes.elements(Int8.self) + first, from: first, count: count, to: out)
            case .float32: out.update(from: bytes.elements(Float.self) + first, count: count)
            }
        }
    }

    private func widenIntegers(
        _ integers: UnsafePointer<Int8>, from first: Int, count: Int, to out: UnsafeMutablePointer<Float>
    ) {
        var index = 0
        while index < count {
            let row = (first + index) / rowSize
            let end = min(count, (row + 1) * rowSize - first)
            let scale = scales[row]
            while index < end {
                out[index] = Float(integers[index]) * scale
                index += 1
            }
        }
    }

    /// Some of `count` equal runs of the numbers, in memory of their own; of int8, each run has a scale.
    func selecting(_ runs: [Int], of count: Int) -> StoredNumbers {
        let size = bytes.count / count
        let selected = bytes.withBytes { bytes in
            [UInt8](unsafeUninitializedCapacity: runs.count * size) { buffer, initializedCount in
                let out = UnsafeMutableRawBufferPointer(buffer)
                for (place, run) in runs.enumerated() {
                    let source = UnsafeRawBufferPointer(rebasing: bytes[run * size..<(run + 1) * size])
                    UnsafeMutableRawBufferPointer(rebasing: out[place * size..<(place + 1) * size]).copyMemory(
                        from: source)
                }
                initializedCount = runs.count * size
            }
        }
        return StoredNumbers(
            format, SharedBytes(selected), scales: scales.isEmpty ? [] : runs.map { scales[$0] }, rowSize: rowSize)
    }

    /// All of them as a row-major vector.
    func whole(count: Int) -> Tensor {
        guard count <= Self.keptCount else { return widened(count) }
        return (widened.load() ?? widened.storeIfNil(WholeTensor(widened(count)))).tensor
    }

    private func widened(_ count: Int) -> Tensor {
        Tensor(shape: [count]) { out in
            Parallel.forEachChunk(of: count, grain: 1 << 16) { range in
                widen(from: range.lowerBound, count: range.count, to: out + range.lowerBound)
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The first of the numbers in these bytes, which are aligned for them.
    fileprivate func elements<Number>(_: Number.Type) -> UnsafePointer<Number> {
        UnsafePointer(assumingMemoryBound(to: Number.self).baseAddress.unsafelyUnwrapped)
    }
}
