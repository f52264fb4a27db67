import AttentionFiles
internal import Glibc

/// A buffer of floats, taken from and returned to the cache of recently used buffers, or lent by a file that is mapped.
///
/// `@unchecked Sendable` is sound here: a buffer is written only by the operation that creates it, before any other
/// code can see it, or through `Tensor.withMutableElements`, which first makes sure that it has a single owner.
package final class Storage: @unchecked Sendable {
    package let elements: UnsafeMutablePointer<Float>
    /// The floats that may be used; the buffer itself may be larger.
    package let count: Int
    /// Whose floats these are, which are then never written to; nil for those of the cache.
    let lender: SharedBytes?

    /// An uninitialised buffer of `count` floats.
    package init(count: Int) {
        self.count = count
        lender = nil
        elements = BufferCache.shared.take(SizeClass(holding: count))
    }

    /// The floats in these bytes, which are aligned for them.
    init(lentBy bytes: SharedBytes) {
        count = bytes.count / MemoryLayout<Float>.stride
        lender = bytes
        // The pointer outlives the call because the lender lives as long as this object.
        elements = bytes.withBytes {
            UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: Float.self).baseAddress.unsafelyUnwrapped)
        }
    }

    deinit {
        if lender == nil { BufferCache.shared.give(back: elements, SizeClass(holding: count)) }
    }
}

/// Buffers come in sizes of 2ⁿ and 1.5 · 2ⁿ floats, so that one freed by a layer fits the next that is nearly as large.
struct SizeClass: Hashable {
    /// Twice the exponent, plus one for the 1.5 step.
    let index: Int
    let capacity: Int

    init(holding count: Int) {
        let needed = max(count, 16)
        let exponent = Int.bitWidth - 1 - needed.leadingZeroBitCount
        let power = 1 << exponent
        switch needed {
        case power: (index, capacity) = (2 * exponent, power)
        case ...(power + power / 2): (index, capacity) = (2 * exponent + 1, power + power / 2)
        default: (index, capacity) = (2 * exponent + 2, 2 * power)
        }
    }

    /// The floats of a buffer of the class with this index.
    static func capacity(at index: Int) -> Int {
        let power = 1 << (index / 2)
        return index.isMultiple(of: 2) ? power : power + power / 2
    }
}

/// Keeps freed buffers for reuse: fresh pages cost more than the arithmetic of a small layer.
///
/// At most `limit` bytes are kept; beyond that a buffer goes back to the system. `@unchecked Sendable` is sound here: the shelves are
/// touched only while the lock is held. (It is the system's lock rather than Swift's `Mutex`, since thread sanitizers know it.)
private final class BufferCache: @unchecked Sendable {
    static let shared = BufferCache()

    private static let alignment = 64
    private static let limit = 2 << 30

    private struct Shelves {
        var free = [BufferShelf<UnsafeMutablePointer<Float>>](repeating: BufferShelf(), count: 2 * Int.bitWidth)
        var bytes = 0
        var lentBytes = 0
        var peakLentBytes = 0
    }
    private var shelves = Shelves()
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    private init() { pthread_mutex_init(lock, nil) }

    private func withShelves<Result>(_ body: (inout Shelves) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body(&shelves)
    }

    func take(_ sizeClass: SizeClass) -> UnsafeMutablePointer<Float> {
        let bytes = sizeClass.capacity * MemoryLayout<Float>.stride
        let kept = withShelves { shelves -> UnsafeMutablePointer<Float>? in
            shelves.lentBytes += bytes
            shelves.peakLentBytes = max(shelves.peakLentBytes, shelves.lentBytes)
            guard let buffer = shelves.free[sizeClass.index].take() else { return nil }
            shelves.bytes -= bytes
            return buffer
        }
        if let kept { return kept }
        return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
            .bindMemory(to: Float.self, capacity: sizeClass.capacity)
    }

    func give(back buffer: UnsafeMutablePointer<Float>, _ sizeClass: SizeClass) {
        let bytes = sizeClass.capacity * MemoryLayout<Float>.stride
        let kept = withShelves { shelves in
            shelves.lentBytes -= bytes
            guard shelves.bytes + bytes <= Self.limit else { return false }
            shelves.free[sizeClass.index].put(buffer)
            shelves.bytes += bytes
            return true
        }
        if !kept { UnsafeMutableRawPointer(buffer).deallocate() }
    }

    func releaseUnused() { release { $0.removeAll() } }

    func releaseIdle() { release { $0.removeIdle() } }

    /// Gives what is removed from each shelf back to the system.
    private func release(_ removed: (inout BufferShelf<UnsafeMutablePointer<Float>>) -> [UnsafeMutablePointer<Float>]) {
        let buffers = withShelves { shelves in
            var buffers: [UnsafeMutablePointer<Float>] = []
            for index in shelves.free.indices {
                let own = removed(&shelves.free[index])
                // No buffer is of the last classes, whose sizes no integer holds.
                guard !own.isEmpty else { continue }
                shelves.bytes -= own.count * SizeClass.capacity(at: index) * MemoryLayout<Float>.stride
                buffers += own
            }
            return buffers
        }
        for buffer in buffers { UnsafeMutableRawPointer(buffer).deallocate() }
        // What lies between buffers that are in use stays with the process otherwise.
        _ = Self.trim?(0)
    }

    /// Gives freed memory that the allocator keeps back to the system; nil where the C library has no such function.
    private static let trim = dlsym(nil, "malloc_trim").map {
        unsafeBitCast($0, to: (@convention(c) @Sendable (Int) -> Int32).self)
    }

    var peakLentBytes: Int { withShelves(\.peakLentBytes) }

    func forgetPeak() { withShelves { $0.peakLentBytes = $0.lentBytes } }
}

/// How much memory tensors take, buffers that wait for reuse not counted.
public enum TensorMemory {
    /// The most bytes that were in use at once since the start of the program or the last `forgetPeak()`.
    public static var peakBytes: Int { BufferCache.shared.peakLentBytes }

    /// Gives the buffers that wait for reuse back to the system: after work that will not come again soon.
    public static func releaseUnused() { BufferCache.shared.releaseUnused() }

    /// Gives those of them back that nobody has needed since this was called last: for a process that lives long, every half minute or so. How many
    /// buffers of a size are in use at once varies, and each size would otherwise keep the most there ever were.
    public static func releaseIdle() { BufferCache.shared.releaseIdle() }

    /// Begins anew with what is in use now.
    public static func forgetPeak() { BufferCache.shared.forgetPeak() }
}
