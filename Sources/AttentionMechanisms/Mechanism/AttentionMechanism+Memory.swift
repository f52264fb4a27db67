import AttentionTensors

extension AttentionMechanism {
    /// Refuses weights of queries [B, H, Q, D] that this machine's memory cannot hold, with the scores and logits they are made of, before
    /// any of them is made.
    func checkMemory(of queries: Shape, _ memory: Memory) throws(ShapeError) {
        let weights = [queries[0], queries[1], queries[2], memory.keyCount]
        let needed = weights.reduce(3 * Double(MemoryLayout<Float>.size)) { $0 * Double($1) }
        guard needed > PhysicalMemory.byteCount else { return }
        throw ShapeError(
            "attend",
            expected: "weights that fit into the \(PhysicalMemory.gigabytes(PhysicalMemory.byteCount)) of memory here",
            found:
                "\(weights), which take \(PhysicalMemory.gigabytes(needed)); ask for the output alone, which a fused kernel computes without "
                + "weights, or for fewer queries at a time")
    }
}
