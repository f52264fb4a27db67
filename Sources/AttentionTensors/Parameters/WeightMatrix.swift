import AttentionFiles
internal import CAttentionKernels

/// The matrix W [O, I] of a linear map, as products read it: numbers that are computed or learned, or those that a parameter holds.
struct WeightMatrix: Sendable {
    /// What a product multiplies by.
    enum Side {
        /// A Wᵀ: inputs become outputs.
        case forward
        /// A W: gradients of outputs become those of inputs.
        case backward
    }

    let numbers: Parameter.Numbers
    /// Where forms are kept for as long as the parameter lives; nil for numbers that are computed.
    private let forms: PackedForms?
    let shape: Shape

    init(_ tensor: Tensor) { (numbers, forms, shape) = (.floats(tensor), nil, tensor.shape) }

    /// What is learned changes at the next step, and is laid out for its own graph alone.
    init(_ parameter: Parameter) {
        (numbers, shape) = (parameter.numbers, parameter.shape)
        forms = parameter.isTracked ? nil : parameter.forms
    }

    var outputSize: Int { shape[0] }
    var inputSize: Int { shape[1] }

    /// The tensor that gradients flow to, if they do.
    var tracked: Tensor? {
        guard case .floats(let tensor) = numbers, tensor.isTracked else { return nil }
        return tensor
    }

    /// C = A Wᵀ or A W for A [rows, ·]; `complete` says what else the product does.
    func multiply(
        _ side: Side, rows: Int, a: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, _ precision: Precision,
        _ complete: (inout attn_product) -> Void = { _ in }
    ) {
        withProduct(side, rows: rows, a: a, c: c) { product, stored in
            var product = product
            complete(&product)
            let steps = rows <= SteppedProduct.rowLimit ? tracked?.node?.steppedForms : nil
            if let kept = forms ?? steps {
                AttentionTensors.multiply(
                    product, precision, reading: stored, keeping: kept, as: layout(side),
                    whenPacked: numbers.forgetPages)
            } else {
                AttentionTensors.multiply(product, precision, reading: stored)
            }
        }
    }

    /// W laid out for products of this precision.
    func packed(_ side: Side, _ precision: Precision) -> PackedOperand {
        var unused: Float = 0
        return withUnsafeMutablePointer(to: &unused) { unused in
            withProduct(side, rows: 0, a: unused, c: unused) { product, stored in
                let make = { PackedOperand(product, precision, reading: stored) }
                if stored?.isInBlocks == true { return make() }
                return forms?.form(layout(side), precision, make) ?? make()
            }
        }
    }

    /// The offset of the first element, and the strides of outputs and inputs.
    private var place: (offset: Int, output: Int, input: Int) {
        switch numbers {
        case .floats(let tensor): (tensor.offset, tensor.strides[0], tensor.strides[1])
        case .stored(let view): (view.offset, view.strides[0], view.strides[1])
        }
    }

    private func layout(_ side: Side) -> MatrixLayout {
        let (offset, output, input) = place
        return switch side {
        case .forward:
            MatrixLayout(
                depth: inputSize, columns: outputSize, rowStride: input, columnStride: output, offset: offset)
        case .backward:
            MatrixLayout(
                depth: outputSize, columns: inputSize, rowStride: output, columnStride: input, offset: offset)
        }
    }

    private func withProduct<Result>(
        _ side: Side, rows: Int, a: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>,
        _ body: (attn_product, StoredOperand?) -> Result
    ) -> Result {
        let layout = layout(side)
        func product(_ b: UnsafePointer<Float>) -> attn_product {
            attn_product(
                rows: rows, columns: layout.columns, depth: layout.depth, a: a, aStrides: (layout.depth, 1), b: b,
                bStrides: (layout.rowStride, layout.columnStride), c: c)
        }
        switch numbers {
        case .floats(let tensor): return tensor.withStorage { body(product($0), nil) }
        // What B is read from is known when its columns have been widened; until then any pointer will do.
        case .stored(let view): return body(product(a), StoredOperand(matrix: view, side: side))
        }
    }
}

extension Parameter.Numbers {
    /// Lets the system take back the memory of numbers that lie in a mapped file: what products need of them has been laid out.
    func forgetPages() {
        switch self {
        case .floats(let tensor): tensor.storage.lender?.forgetPages()
        case .stored(let view): view.numbers.bytes.forgetPages()
        }
    }
}

extension Parameter {
    /// Whether gradients flow to it.
    public var isTracked: Bool {
        guard case .floats(let tensor) = numbers else { return false }
        return tensor.isTracked
    }
}

/// The right operand of a product where it lies as numbers narrower than float32.
struct StoredOperand {
    /// W [O, I].
    let matrix: StoredView
    let side: WeightMatrix.Side

    /// Whether it is small because it is in blocks, and would lose that by being laid out.
    var isInBlocks: Bool { if case .blocks = matrix.numbers.format { true } else { false } }

    /// What few rows are multiplied by where it lies; nil if that cannot be done.
    var blockRows: BlockRows? { side == .forward ? BlockRows(matrix) : nil }

    /// Some columns of B alone.
    func part(_ columns: Range<Int>) -> StoredOperand {
        let axis = side == .forward ? 0 : 1
        var sizes = matrix.shape.dimensions
        sizes[axis] = columns.count
        let offset = matrix.offset + columns.lowerBound * matrix.strides[axis]
        return StoredOperand(
            matrix: StoredView(matrix.numbers, shape: Shape(sizes), strides: matrix.strides, offset: offset),
            side: side)
    }

    /// Widens some columns of B, and lends the product that reads them there.
    func withColumns(_ columns: Range<Int>, of product: attn_product, _ body: (UnsafePointer<attn_product>) -> Void) {
        let widened = Storage(count: columns.count * product.depth)
        var part = product
        switch side {
        case .forward:
            matrix.widen(rows: columns, columns: 0..<product.depth, to: widened.elements)
            (part.b_row_stride, part.b_column_stride) = (1, product.depth)
        case .backward:
            matrix.widen(rows: 0..<product.depth, columns: columns, to: widened.elements)
            (part.b_row_stride, part.b_column_stride) = (columns.count, 1)
        }
        // Kernels count columns from the first of B, which is not there and is not read.
        part.b = UnsafePointer(widened.elements) - columns.lowerBound * part.b_column_stride
        withExtendedLifetime(widened) { withUnsafePointer(to: part, body) }
    }
}
