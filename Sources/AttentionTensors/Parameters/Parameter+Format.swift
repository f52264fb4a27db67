public import AttentionFiles
internal import CAttentionKernels

extension Parameter {
    /// How numbers are written.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// As they are computed with.
        case float32
        /// Rounded to 8 significant bits; any magnitude.
        case bfloat16
        /// Rounded to 11 significant bits; magnitudes above 65504 become infinite.
        case float16
        /// Integers of −127 … 127 times one scale for each entry of the first axis: each output of a linear map, each word of an
        /// embedding. Vectors stay float32.
        case int8

        /// What one number is in a file.
        public var elementType: ElementType {
            switch self {
            case .float32: .float32
            case .bfloat16: .bfloat16
            case .float16: .float16
            case .int8: .int8
            }
        }
    }

    /// How the numbers are written.
    public var format: Format {
        switch numbers {
        case .floats: .float32
        case .stored(let view): view.numbers.format
        }
    }

    /// What one number is in a file.
    public var elementType: ElementType { format.elementType }

    /// Who keeps the numbers.
    public var owner: BytesOwner {
        switch numbers {
        case .floats(let tensor): tensor.storage.lender?.owner.owner ?? .memory
        case .stored(let view): view.numbers.owner
        }
    }

    /// The bytes that the numbers take as they are stored, scales included.
    public var byteCount: Int {
        shape.elementCount * elementType.byteCount + scaleCount * MemoryLayout<Float>.stride
    }

    /// The bytes that products have laid out of the numbers so far.
    public var packedByteCount: Int { forms.byteCount }

    private var scaleCount: Int {
        guard case .stored(let view) = numbers else { return 0 }
        return view.numbers.scales.count
    }

    /// The same numbers, rounded if they must be, in memory of their own.
    /// - Complexity: O(n).
    public func stored(as format: Format) -> Parameter {
        let (tensor, shape) = (tensor.detached(), shape)
        guard format.fits(shape) else { return replacing(with: tensor.copied()) }
        let numbers = tensor.withElements { StoredNumbers(rounding: $0, shape, to: format) }
        return Parameter(.stored(StoredView(numbers, shape: shape)), role: role)
    }
}

extension Parameter.Format {
    /// Whether numbers of this shape are written in this format; otherwise they are float32.
    func fits(_ shape: Shape) -> Bool {
        switch self {
        case .float32: false
        case .bfloat16, .float16: true
        case .int8: shape.rank >= 2 && shape.elementCount > 0
        }
    }
}
