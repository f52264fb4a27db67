package import CAttentionKernels

/// Scratch memory for one kernel call.
package struct Scratch: ~Copyable {
    private let storage: Storage

    /// At least this many bytes, uninitialised.
    package init(bytes: Int) { storage = Storage(count: (bytes + 3) / 4) }

    package var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(storage.elements) }
}

/// Computes one matrix product on the team: packs B once, shares it, and splits C among the threads.
///
/// Called from inside another parallel loop it runs on the calling thread alone.
package func multiply(_ product: attn_product) {
    switch ProductPrecision.current {
    case .float32: multiplyAsGiven(product)
    case .bfloat16: product.withRoundedOperands(multiplyAsGiven)
    }
}

private func multiplyAsGiven(_ product: attn_product) {
    let work = product.rows * product.columns * max(product.depth, 1)
    guard work > 0 else { return }
    if work <= 1 << 14 || product.rows <= 8 {
        multiplyDirectly(product, work: work)
    } else {
        multiplyPacked(product, work: work)
    }
}

/// Too small, or too few rows, for packing to pay.
private func multiplyDirectly(_ product: attn_product, work: Int) {
    let column = max(1, work / product.columns)
    let grain = max(64, ((1 << 17) / column + 63) / 64 * 64)
    Parallel.forEachChunk(of: (product.columns + 63) / 64, grain: grain / 64) { blocks in
        withUnsafePointer(to: product) {
            kernels.product_direct(
                $0, 0, product.rows, blocks.lowerBound * 64, min(product.columns, blocks.upperBound * 64))
        }
    }
}

private func multiplyPacked(_ product: attn_product, work: Int) {
    let (rowBlock, columnBlock) = (kernels.product_row_block, kernels.product_column_block)
    let packed = Scratch(bytes: kernels.product_packed_size(product.depth, product.columns))
    let packedPointer = packed.pointer
    let columnBlocks = (product.columns + columnBlock - 1) / columnBlock
    Parallel.forEachChunk(of: columnBlocks, grain: max(1, (1 << 16) / (product.depth * columnBlock + 1))) { blocks in
        withUnsafePointer(to: product) {
            kernels.product_pack(
                packedPointer, $0, blocks.lowerBound * columnBlock,
                min(product.columns, blocks.upperBound * columnBlock))
        }
    }

    // A grid over C: rows first, since row pieces share nothing but B; columns too when there are too few rows.
    let pieces = work < 1 << 18 ? 1 : Parallel.threadCount * 4
    let rowBlocks = (product.rows + rowBlock - 1) / rowBlock
    let rowPieces = min(pieces, rowBlocks)
    let columnPieces = min((pieces + rowPieces - 1) / rowPieces, columnBlocks)
    let rowSize = (rowBlocks + rowPieces - 1) / rowPieces * rowBlock
    let columnSize = (columnBlocks + columnPieces - 1) / columnPieces * columnBlock
    Parallel.forEach(rowPieces * columnPieces) { piece in
        let rowStart = piece / columnPieces * rowSize
        let columnStart = piece % columnPieces * columnSize
        guard rowStart < product.rows, columnStart < product.columns else { return }
        let workspace = Scratch(bytes: kernels.product_workspace_size(product.depth))
        withUnsafePointer(to: product) {
            kernels.product(
                $0, packedPointer, rowStart, min(product.rows, rowStart + rowSize), columnStart,
                min(product.columns, columnStart + columnSize), workspace.pointer)
        }
    }
}

extension attn_product {
    /// C = A B for row-major C, with each operand given by its first element and two strides.
    package init(
        rows: Int, columns: Int, depth: Int, a: UnsafePointer<Float>, aStrides: (Int, Int), b: UnsafePointer<Float>,
        bStrides: (Int, Int), c: UnsafeMutablePointer<Float>, accumulate: Bool = false
    ) {
        self.init(
            rows: rows, columns: columns, depth: depth, a: a, a_row_stride: aStrides.0, a_column_stride: aStrides.1,
            b: b, b_row_stride: bStrides.0, b_column_stride: bStrides.1, c: c, c_row_stride: columns, scale: 1,
            accumulate: accumulate, activation: attn_activation_none, bias: nil)
    }
}
