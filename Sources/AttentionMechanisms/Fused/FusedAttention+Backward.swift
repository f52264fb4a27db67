internal import AttentionTensors
internal import CAttentionKernels

extension FusedAttention {
    /// The pass in the graph.
    func attend() -> FusedResult {
        let result = forward()
        let inputs = [query, keys, values] + [bias, distanceBias].compactMap { $0 }
        let context = result.context.derived(from: inputs) { upstream, gradients in
            let derivative = backward(result, upstream: upstream.withDenseRows())
            gradients.add(derivative.query, to: query)
            gradients.add(derivative.keys, to: keys)
            gradients.add(derivative.values, to: values)
            if let bias, let gradient = derivative.bias { gradients.add(gradient, to: bias) }
            if let distanceBias, let gradient = derivative.distanceBias {
                gradients.add(gradient.summed(to: distanceBias.shape), to: distanceBias)
            }
        }
        return FusedResult(context: context, logSums: result.logSums)
    }

    private struct Derivative {
        let query: Tensor
        let keys: Tensor
        let values: Tensor
        let bias: Tensor?
        /// [B, H, Q + K − 1]
        let distanceBias: Tensor?
    }

    /// Who computes what. A class is all units that add to the same rows of the bias's gradient: one thread takes them all. Where
    /// classes are few, the queries are split too, and each part has gradients of keys and values of its own.
    private struct Tasks {
        let items: Int
        let keyHeads: Int
        let parts: Int
        var count: Int { items * keyHeads * parts }

        init(_ call: FusedAttention) {
            let bias = call.bias.flatMap { $0.isTracked ? $0.shape : nil }
            items = bias?[0] == 1 ? 1 : call.batch
            keyHeads = bias?[1] == 1 ? 1 : call.keyHeadCount
            let classes = items * keyHeads
            parts = bias?[2] == 1 ? 1 : max(1, min((8 + classes - 1) / classes, call.queryCount / 256))
        }
    }

    private func backward(_ result: FusedResult, upstream: Tensor) -> Derivative {
        let tasks = Tasks(self)
        let parts = (0..<tasks.parts).map { _ in (keys: Tensor.byRow(like: k), values: Tensor.byRow(like: v)) }
        let wanted = distanceBias?.isTracked == true
        let distances = wanted ? Tensor.zeros([tasks.parts, batch, headCount, queryCount + keyCount - 1]) : nil
        let derivative = Derivative(
            query: Tensor.byRow(like: q), keys: parts[0].keys, values: parts[0].values,
            bias: bias.flatMap { $0.isTracked ? Tensor.zeros($0.shape) : nil }, distanceBias: distances)
        let unitGrain = grain(headCount: 3 * headCount / tasks.keyHeads, queryCount: queryCount / tasks.parts)
        withUnits { all in
            Parallel.forEachChunk(of: tasks.count, grain: unitGrain) { range in
                let whole = all.unit(item: 0, head: 0)
                let workspace = Scratch(bytes: withUnsafePointer(to: whole) { method.workspace_size($0) })
                for task in range {
                    let (index, part) = (task / tasks.parts, task % tasks.parts)
                    let (item, keyHead) = (index / tasks.keyHeads, index % tasks.keyHeads)
                    for item in tasks.items == batch ? item..<item + 1 : 0..<batch {
                        for keyHead in tasks.keyHeads == keyHeadCount ? keyHead..<keyHead + 1 : 0..<keyHeadCount {
                            parts[part].keys.clearRows(item, keyHead, 0..<keyCount)
                            parts[part].values.clearRows(item, keyHead, 0..<keyCount)
                            for head in keyHead * group..<(keyHead + 1) * group {
                                backward(
                                    all.unit(item: item, head: head), item: item, head: head, part: part,
                                    of: tasks.parts,
                                    derivative, keys: parts[part].keys, values: parts[part].values, result, upstream,
                                    workspace.pointer)
                            }
                        }
                    }
                }
            }
        }
        for part in parts.dropFirst() {
            derivative.keys.addElements(of: part.keys)
            derivative.values.addElements(of: part.values)
        }
        return derivative
    }

    /// One part of the queries of one head.
    private func backward(
        _ unit: attn_attention, item: Int, head: Int, part index: Int, of parts: Int, _ derivative: Derivative,
        keys: Tensor,
        values: Tensor, _ result: FusedResult, _ upstream: Tensor, _ workspace: UnsafeMutableRawPointer
    ) {
        let range = part(index, of: parts, queryCount)
        let (first, keyHead) = (range.lowerBound, head / group)
        derivative.query.clearRows(item, head, range)
        let biasStride = bias?.shape[2] == 1 ? 0 : keyCount
        let gradients = attn_attention_gradients(
            query: derivative.query.rows(item, head) + first * derivative.query.strides[2],
            key: keys.rows(item, keyHead), value: values.rows(item, keyHead),
            query_stride: derivative.query.strides[2], key_stride: keys.strides[2], value_stride: values.strides[2],
            bias: derivative.bias.map { $0.rows(item, head) + first * biasStride }, bias_stride: biasStride,
            distance_bias: derivative.distanceBias.map {
                $0.storage.elements
                    + ((index * batch + item) * headCount + head) * $0.shape[3] + queryCount - 1 - first
            })
        withUnsafePointer(to: unit.queries(range)) { unit in
            withUnsafePointer(to: gradients) {
                method.backward(
                    $0, unit, result.context.rows(item, head) + first * result.context.strides[2],
                    result.context.strides[2],
                    result.logSums.storage.elements + (item * headCount + head) * queryCount + first,
                    upstream.rows(item, head) + first * upstream.strides[2], upstream.strides[2], workspace)
            }
        }
    }
}

extension Tensor {
    /// Uninitialised memory of this shape [B, H, L, D], laid out as [B, L, H, D], as the projections that made the tensor are.
    fileprivate static func byRow(like tensor: Tensor) -> Tensor {
        let shape = tensor.shape
        return Tensor(shape: [shape[0], shape[2], shape[1], shape[3]]) { _ in }.transposed(1, 2)
    }

    fileprivate func clearRows(_ item: Int, _ head: Int, _ range: Range<Int>) {
        let rows = rows(item, head)
        for row in range { (rows + row * strides[2]).update(repeating: 0, count: shape[3]) }
    }

    /// Adds a tensor of the same layout, in place.
    fileprivate func addElements(of other: Tensor) {
        let (total, addend) = (storage.elements, other.storage.elements)
        Parallel.forEachChunk(of: shape.elementCount, grain: 65536) { range in
            let start = range.lowerBound
            kernels.add(total + start, total + start, addend + start, range.count)
        }
    }
}
