internal import CAttentionKernels

/// The products that a convolution and its derivatives are, group by group: of a weight [O, C / G, h, w] as a matrix [O / G, C / G · h w], of
/// pictures [B, C, H, W] as patches [C / G · h w, H' W'], and of outputs [B, O, H', W'].
///
/// Patches are laid out a few megabytes at a time, however large the pictures are, or half a megabyte where each piece is one thread's, which stays in the
/// memory near its core until it is multiplied; where each group has one input and one output, they are read where they lie.
struct Convolution: Sendable {
    let batchCount, inputCount, outputCount, groupCount: Int
    let window: SlidingWindow
    let precision: Precision

    /// A convolution of pictures [B, C, H, W] with a weight [O, C / G, h, w], which is known to have four axes.
    /// - Throws: `ShapeError` in the name of `operation` if the groups do not fit.
    init(
        batchCount: Int, inputCount: Int, weight: Shape, groupCount: Int, window: SlidingWindow, in operation: String
    ) throws(ShapeError) {
        guard (1...max(1, inputCount)).contains(groupCount), weight[0] % groupCount == 0,
            weight[1] * groupCount == inputCount
        else {
            throw ShapeError(
                operation, expected: "\(inputCount) channels and \(weight[0]) outputs in equal groups of \(weight[1])",
                found: "\(groupCount) groups")
        }
        (self.batchCount, self.inputCount, self.groupCount) = (batchCount, inputCount, groupCount)
        (outputCount, self.window, precision) = (weight[0], window, Precision.current.withoutWeights)
    }

    /// [B, C, H, W].
    var inputShape: Shape { [batchCount, inputCount, window.rows.size, window.columns.size] }
    /// [B, O, H', W'].
    var outputShape: Shape { [batchCount, outputCount, window.rows.placeCount, window.columns.placeCount] }

    private var groupInputs: Int { inputCount / groupCount }
    private var groupOutputs: Int { outputCount / groupCount }
    private var depth: Int { groupInputs * window.kernelArea }
    /// Whether every channel has a kernel of its own and gives one output.
    private var isDepthwise: Bool { groupCount > 1 && groupInputs == 1 && groupOutputs == 1 }

    /// outputs += weight · patches.
    func addOutputs(
        to outputs: UnsafeMutablePointer<Float>, of inputs: UnsafePointer<Float>, weight: UnsafePointer<Float>
    ) {
        if isDepthwise { return addDepthwiseOutputs(to: outputs, of: inputs, weight: weight) }
        let (partCount, pieces) = (batchCount * groupCount, slabs(of: 1 << 17, least: 256))
        if partCount * pieces.count >= 2 * Parallel.threadCount {
            Parallel.forEach(partCount * pieces.count) {
                let (part, places) = ($0 / pieces.count, pieces[$0 % pieces.count])
                addOutputs(to: outputs, of: inputs, weight: weight, part: part, places)
            }
        } else {
            for part in 0..<partCount {
                for places in teamSlabs {
                    addOutputs(to: outputs, of: inputs, weight: weight, part: part, places)
                }
            }
        }
    }

    /// The same at some places of one item and group, of which `part` counts all.
    private func addOutputs(
        to outputs: UnsafeMutablePointer<Float>, of inputs: UnsafePointer<Float>, weight: UnsafePointer<Float>,
        part: Int, _ places: Range<Int>
    ) {
        let (item, group) = (part / groupCount, part % groupCount)
        let input = inputs + (item * inputCount + group * groupInputs) * window.imageArea
        let output = outputs + (item * outputCount + group * groupOutputs) * window.placeCount
        withPatches(of: input, at: places) { patches, stride in
            var product = attn_product(
                rows: groupOutputs, columns: places.count, depth: depth,
                a: weight + group * groupOutputs * depth, aStrides: (depth, 1), b: patches, bStrides: (stride, 1),
                c: output + places.lowerBound, accumulate: true)
            product.c_row_stride = window.placeCount
            multiply(product, precision)
        }
    }

    /// inputs += weightᵀ · outputs, each number to where its patch saw it.
    func addInputs(
        to inputs: UnsafeMutablePointer<Float>, of outputs: UnsafePointer<Float>, weight: UnsafePointer<Float>
    ) {
        if isDepthwise { return addDepthwiseInputs(to: inputs, of: outputs, weight: weight) }
        forEachPart { item, group in
            let input = inputs + (item * inputCount + group * groupInputs) * window.imageArea
            let output = outputs + (item * outputCount + group * groupOutputs) * window.placeCount
            let scratch = Storage(count: window.isIdentity ? 0 : (teamSlabs.first?.count ?? 0) * depth)
            for places in teamSlabs {
                var product = attn_product(
                    rows: depth, columns: places.count, depth: groupOutputs,
                    a: weight + group * groupOutputs * depth, aStrides: (1, depth), b: output + places.lowerBound,
                    bStrides: (window.placeCount, 1), c: scratch.elements)
                if window.isIdentity {
                    product.c = input + places.lowerBound
                    (product.c_row_stride, product.accumulate) = (window.imageArea, true)
                    multiply(product, precision)
                } else {
                    multiply(product, precision)
                    scatter(scratch.elements, places, to: input)
                }
            }
        }
    }

    /// weight += outputs · patchesᵀ.
    func addWeight(
        to weight: UnsafeMutablePointer<Float>, of outputs: UnsafePointer<Float>, inputs: UnsafePointer<Float>
    ) {
        if isDepthwise { return addDepthwiseWeight(to: weight, of: outputs, inputs: inputs) }
        for group in 0..<groupCount {
            for item in 0..<batchCount {
                let input = inputs + (item * inputCount + group * groupInputs) * window.imageArea
                let output = outputs + (item * outputCount + group * groupOutputs) * window.placeCount
                for places in teamSlabs {
                    withPatches(of: input, at: places) { patches, stride in
                        multiply(
                            attn_product(
                                rows: groupOutputs, columns: depth, depth: places.count, a: output + places.lowerBound,
                                aStrides: (window.placeCount, 1), b: patches, bStrides: (1, stride),
                                c: weight + group * groupOutputs * depth, accumulate: true), precision)
                    }
                }
            }
        }
    }

    /// Calls `body` with every item and group: beside one another if they are many, otherwise one after another, each on the whole team.
    private func forEachPart(_ body: (_ item: Int, _ group: Int) -> Void) {
        let count = batchCount * groupCount
        if count >= 2 * Parallel.threadCount {
            Parallel.forEach(count) { body($0 / groupCount, $0 % groupCount) }
        } else {
            for part in 0..<count { body(part / groupCount, part % groupCount) }
        }
    }

    // MARK: Patches

    /// The places in pieces whose patches are about so many numbers, each of `least` places or more, but for the last.
    private func slabs(of size: Int, least: Int) -> [Range<Int>] {
        let width = max(least, size / max(1, depth) / 64 * 64)
        return Swift.stride(from: 0, to: window.placeCount, by: width).map {
            $0..<min(window.placeCount, $0 + width)
        }
    }

    /// Pieces on which the whole team works together.
    private var teamSlabs: [Range<Int>] { slabs(of: 1 << 20, least: 64) }

    /// Calls `body` with the patches of a group's channels at some places: [depth, places], and how far apart the rows are.
    private func withPatches(
        of input: UnsafePointer<Float>, at places: Range<Int>,
        _ body: (_ patches: UnsafePointer<Float>, _ stride: Int) -> Void
    ) {
        if window.isIdentity { return body(input + places.lowerBound, window.imageArea) }
        let scratch = Storage(count: places.count * depth)
        gather(places, from: input, to: scratch.elements)
        withExtendedLifetime(scratch) { body(scratch.elements, places.count) }
    }

    private func gather(
        _ places: Range<Int>, from input: UnsafePointer<Float>, to patches: UnsafeMutablePointer<Float>
    ) {
        let step = window.columns.stride
        Parallel.forEachChunk(of: depth, grain: max(1, (1 << 15) / max(1, places.count))) { rows in
            for row in rows {
                let target = patches + row * places.count
                let plane = input + row / window.kernelArea * window.imageArea
                target.update(repeating: 0, count: places.count)
                window.forEachRun(of: row % window.kernelArea, within: places) { place, source, count in
                    let (out, line) = (target + (place - places.lowerBound), plane + source)
                    if step == 1 { return out.update(from: line, count: count) }
                    for index in 0..<count { out[index] = line[index * step] }
                }
            }
        }
    }

    private func scatter(
        _ patches: UnsafePointer<Float>, _ places: Range<Int>, to input: UnsafeMutablePointer<Float>
    ) {
        let step = window.columns.stride
        // Patches of one channel overlap, so a channel is one thread's.
        Parallel.forEachChunk(of: groupInputs, grain: 1) { channels in
            for row in channels.lowerBound * window.kernelArea..<channels.upperBound * window.kernelArea {
                let source = patches + row * places.count
                let plane = input + row / window.kernelArea * window.imageArea
                window.forEachRun(of: row % window.kernelArea, within: places) { place, start, count in
                    let (values, line) = (source + (place - places.lowerBound), plane + start)
                    if step == 1 { return kernels.add(line, line, values, count) }
                    for index in 0..<count { line[index * step] += values[index] }
                }
            }
        }
    }
}
