package import CAttentionKernels

/// Scratch memory for one kernel call.
package struct Scratch: ~Copyable {
    private let storage: Storage

    /// At least this many bytes, uninitialised.
    package init(bytes: Int) { storage = Storage(count: (bytes + 3) / 4) }

    package var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(storage.elements) }
}

/// The right operand of a product, laid out once for any number of products with it.
final class PackedOperand: Sendable {
    let precision: Precision
    private let memory: Storage

    /// Packs B, of which the team takes a share each; numbers that are stored narrower are widened block by block.
    init(_ product: attn_product, _ precision: Precision, reading stored: StoredOperand? = nil) {
        let method = precision.product
        let memory = Storage(count: (method.packed_size(product.depth, product.columns) + 3) / 4)
        let (block, pointer) = (method.column_block, UnsafeMutableRawPointer(memory.elements))
        let grain = max(1, (1 << 16) / (product.depth * block + 1))
        Parallel.forEachChunk(of: (product.columns + block - 1) / block, grain: grain) { blocks in
            let columns = blocks.lowerBound * block..<min(product.columns, blocks.upperBound * block)
            forEachPart(of: columns, of: product, reading: stored, block: block) {
                method.pack(pointer, $0, $1.lowerBound, $1.upperBound)
            }
        }
        (self.precision, self.memory) = (precision, memory)
    }

    /// The bytes that it takes.
    var byteCount: Int { memory.count * MemoryLayout<Float>.stride }

    var pointer: UnsafeRawPointer { UnsafeRawPointer(memory.elements) }
}

/// Computes one matrix product on the team: packs B once, unless it is given packed, shares it, and splits C among the threads.
///
/// Called from inside another parallel loop it runs on the calling thread alone.
package func multiply(_ product: attn_product, _ precision: Precision) {
    multiply(product, precision, reading: nil)
}

/// The same by numbers that may be stored narrower.
func multiply(_ product: attn_product, _ precision: Precision, reading stored: StoredOperand?) {
    let work = product.rows * product.columns * max(product.depth, 1)
    guard work > 0 else { return }
    if let stored, stored.isInBlocks { return multiplyByBlocks(product, precision, work: work, stored) }
    if precision.takesDirectly(product, work: work, upTo: 8) {
        multiplyDirectly(product, work: work, reading: stored)
    } else {
        multiply(product, by: PackedOperand(product, precision, reading: stored))
    }
}

/// The same by a weight that will come again: its packed form is taken from `kept`, which makes it if there is none of this layout yet,
/// and says so.
func multiply(
    _ product: attn_product, _ precision: Precision, reading stored: StoredOperand?, keeping kept: PackedForms,
    as layout: MatrixLayout, whenPacked: () -> Void
) {
    let work = product.rows * product.columns * max(product.depth, 1)
    guard work > 0 else { return }
    if let stored, stored.isInBlocks { return multiplyByBlocks(product, precision, work: work, stored) }
    if precision.takesDirectly(product, work: work, upTo: precision.product.few_rows) {
        multiplyDirectly(product, work: work, reading: stored)
    } else {
        let form = kept.form(layout, precision) {
            let made = PackedOperand(product, precision, reading: stored)
            whenPacked()
            return made
        }
        multiply(product, by: form)
    }
}

extension Precision {
    /// Whether the product is too small, too shallow, or has too few rows, for packing to pay.
    fileprivate func takesDirectly(_ product: attn_product, work: Int, upTo rowCount: Int) -> Bool {
        switch self {
        case .exact, .float32: work <= 1 << 14 || product.rows <= rowCount || product.depth <= 4
        case .bfloat16, .int8: false
        }
    }
}

private func multiplyDirectly(_ product: attn_product, work: Int, reading stored: StoredOperand?) {
    let column = max(1, work / product.columns)
    // Where rows of B lie as a whole, long stretches of them are read, not a cache line from each page.
    let grain = max(product.b_column_stride == 1 ? 192 : 64, ((1 << 17) / column + 63) / 64 * 64)
    Parallel.forEachChunk(of: (product.columns + 63) / 64, grain: grain / 64) { blocks in
        let columns = blocks.lowerBound * 64..<min(product.columns, blocks.upperBound * 64)
        forEachPart(of: columns, of: product, reading: stored, block: 64) {
            kernels.product_direct($0, 0, product.rows, $1.lowerBound, $1.upperBound)
        }
    }
}

/// Calls `body` with all columns at once if B is float32, otherwise with one after another of the blocks, widened.
private func forEachPart(
    of columns: Range<Int>, of product: attn_product, reading stored: StoredOperand?, block: Int,
    _ body: (UnsafePointer<attn_product>, Range<Int>) -> Void
) {
    guard let stored else { return withUnsafePointer(to: product) { body($0, columns) } }
    for first in stride(from: columns.lowerBound, to: columns.upperBound, by: block) {
        let part = first..<min(first + block, columns.upperBound)
        stored.withColumns(part, of: product) { body($0, part) }
    }
}

/// The same by what is packed already.
func multiply(_ product: attn_product, by packed: PackedOperand) {
    let method = packed.precision.product
    guard product.rows * product.columns > 0 else { return }
    let grid = Grid(product, rowBlock: method.row_block, columnBlock: method.column_block)
    Parallel.forEach(grid.rowPieces * grid.columnPieces) { piece in
        let (rows, columns) = (grid.rows(piece / grid.columnPieces), grid.columns(piece % grid.columnPieces))
        let workspace = Scratch(bytes: method.workspace_size(product.depth))
        withUnsafePointer(to: product) {
            method.multiply(
                $0, packed.pointer, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound,
                workspace.pointer)
        }
    }
}

/// How C is cut for the team: into even pieces, more of them than threads, since not all threads are equally fast.
///
/// Rows first, since pieces of rows share nothing but B, though not so few that reading B would take longer than multiplying; columns
/// where that leaves too few pieces.
private struct Grid {
    let rowPieces, columnPieces: Int
    private let rowCount, columnCount, rowBlock, columnBlock: Int

    init(_ product: attn_product, rowBlock: Int, columnBlock: Int) {
        (rowCount, columnCount) = (product.rows, product.columns)
        (self.rowBlock, self.columnBlock) = (rowBlock, columnBlock)
        let (work, threads) = (product.rows * product.columns * max(product.depth, 1), Parallel.threadCount)
        guard work >= 1 << 18, threads > 1 else {
            (rowPieces, columnPieces) = (1, 1)
            return
        }
        let most = min(4 * threads, rowCount / 32, (rowCount + rowBlock - 1) / rowBlock)
        rowPieces = most > threads ? most / threads * threads : max(1, most)
        columnPieces = min((2 * threads + rowPieces - 1) / rowPieces, (columnCount + columnBlock - 1) / columnBlock)
    }

    func rows(_ piece: Int) -> Range<Int> { Self.part(piece, of: rowPieces, rowCount, rowBlock) }
    func columns(_ piece: Int) -> Range<Int> { Self.part(piece, of: columnPieces, columnCount, columnBlock) }

    private static func part(_ piece: Int, of pieces: Int, _ count: Int, _ block: Int) -> Range<Int> {
        let blocks = (count + block - 1) / block
        return blocks * piece / pieces * block..<min(count, blocks * (piece + 1) / pieces * block)
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
            accumulate: accumulate, activation: attn_activation_none, bias: nil, residual: nil, residual_stride: 0,
            dropout: 0, dropout_seed: 0, dropout_base: 0, dropout_stride: 0)
    }
}
