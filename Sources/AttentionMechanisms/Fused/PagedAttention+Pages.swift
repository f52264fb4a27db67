internal import AttentionTensors
internal import CAttentionKernels

extension PagedAttention {
    /// What one thread works with.
    struct Working {
        let workspace: UnsafeMutableRawPointer
        let packed: UnsafeMutableRawPointer
    }

    /// Lets `body` read every part: one head's queries, the keys and values of one page.
    func read(_ parts: PageParts, _ body: (attn_attention, _ part: Int, Working) -> Void) {
        let work = group * queryCount * layout.length * (layout.keySize + layout.valueSize + 1)
        let keyNumbers = layout.length * layout.keySize
        scores.withMask { mask in
            Parallel.forEachChunk(of: parts.tasks.count, grain: max(1, (1 << 17) / max(1, work))) { range in
                let widened = Scratch(bytes: 4 * (keyNumbers + layout.length * layout.valueSize))
                let floats = widened.pointer.assumingMemoryBound(to: Float.self)
                let largest = unit(0, 0, mask, key: floats, value: floats, count: layout.length)
                let workspace = Scratch(bytes: withUnsafePointer(to: largest) { method.workspace_size($0) })
                let packed = Scratch(bytes: withUnsafePointer(to: largest) { method.packed_size($0) })
                for task in parts.tasks[range] {
                    let stretch = parts.stretches[task.item][task.stretch]
                    let key = stretch.floats(.keys, task.keyHead, layout.keySize, floats)
                    let value = stretch.floats(.values, task.keyHead, layout.valueSize, floats + keyNumbers)
                    for head in task.keyHead * group..<(task.keyHead + 1) * group {
                        let unit = unit(task.item, head, mask, key: key, value: value, count: stretch.positions.count)
                        body(
                            unit.placed(at: stretch.positions.lowerBound),
                            parts.index(task.item, head, task.stretch),
                            Working(workspace: workspace.pointer, packed: packed.pointer))
                    }
                }
            }
        }
    }

    private func unit(
        _ item: Int, _ head: Int, _ mask: UnsafePointer<UInt8>?, key: UnsafePointer<Float>,
        value: UnsafePointer<Float>, count: Int
    ) -> attn_attention {
        scores.unit(
            item, head, query: q,
            keys: KeyRows(
                key: key, value: value, keyStride: layout.keySize, valueStride: layout.valueSize,
                valueSize: layout.valueSize, count: count, length: count),
            mask: mask)
    }
}

extension PageStretch {
    /// One head's vectors as float32: where they lie, or widened into `scratch`.
    fileprivate func floats(
        _ part: CachePage.Part, _ head: Int, _ size: Int, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        if let rows = page.floats(part, head: head) { return rows + slots.lowerBound * size }
        page.read(part, head: head, slots, into: scratch)
        return UnsafePointer(scratch)
    }
}
