internal import CAttentionKernels

/// Up to how many rows weights in blocks are read where they lie; with more of them it pays to widen weights once for all rows.
private let fewRows = 8

/// How many numbers are widened at a time, however large the matrix: a few megabytes.
private let panelSize = 1 << 20

/// Computes a product by weights in blocks, which are never laid out as a whole: few rows read them where they lie, at float32 whatever the
/// precision; more rows panel by panel, each widened, used by all rows and forgotten.
func multiplyByBlocks(_ product: attn_product, _ precision: Precision, work: Int, _ stored: StoredOperand) {
    if product.rows <= fewRows, product.a_column_stride == 1, let blocks = stored.blockRows {
        return multiply(product, work: work, by: blocks)
    }
    let block = precision.product.column_block
    let width = max(1, panelSize / max(1, product.depth) / block) * block
    for first in stride(from: 0, to: product.columns, by: width) {
        let columns = first..<min(product.columns, first + width)
        let part = product.part(columns)
        multiply(part, by: PackedOperand(part, precision, reading: stored.part(columns)))
    }
}

private func multiply(_ product: attn_product, work: Int, by blocks: BlockRows) {
    let (kernel, rowSize) = (blocks.format.kernel, blocks.rowSize)
    let grain = max(1, (1 << 17) / max(1, work / product.columns) / 64)
    blocks.withRows { rows in
        Parallel.forEachChunk(of: (product.columns + 63) / 64, grain: grain) { chunk in
            withUnsafePointer(to: product) {
                kernel.multiply(
                    $0, rows, rowSize, 0, product.rows, chunk.lowerBound * 64,
                    min(product.columns, chunk.upperBound * 64))
            }
        }
    }
}

extension attn_product {
    /// The same for some columns of B and C alone, B's being given otherwise.
    fileprivate func part(_ columns: Range<Int>) -> attn_product {
        var part = self
        part.columns = columns.count
        part.c += columns.lowerBound
        part.bias = bias.map { $0 + columns.lowerBound }
        part.residual = residual.map { $0 + columns.lowerBound }
        part.dropout_base += UInt64(columns.lowerBound)
        return part
    }
}
