/// Buffers of one size that wait for reuse: the last that came is the first that goes, so that those at the bottom are those that are not needed.
package struct BufferShelf<Buffer> {
    private var buffers: [Buffer] = []
    /// The fewest that stood here since `removeIdle` was called: so many were not needed.
    private var idleCount = 0

    /// An empty shelf.
    package init() {}

    /// How many stand here.
    package var count: Int { buffers.count }

    /// Takes a buffer; nil if there is none.
    package mutating func take() -> Buffer? {
        guard let buffer = buffers.popLast() else { return nil }
        idleCount = min(idleCount, buffers.count)
        return buffer
    }

    /// Puts a buffer here.
    package mutating func put(_ buffer: Buffer) { buffers.append(buffer) }

    /// Removes the buffers that were here when this was called last and were not needed since.
    package mutating func removeIdle() -> [Buffer] {
        let idle = Array(buffers.prefix(idleCount))
        buffers.removeFirst(idleCount)
        idleCount = buffers.count
        return idle
    }

    /// Removes all.
    package mutating func removeAll() -> [Buffer] {
        defer { (buffers, idleCount) = ([], 0) }
        return buffers
    }
}
