public import AttentionFiles
internal import CAttentionKernels

extension Parameter {
    /// How numbers are written.
    public enum Format: Sendable, Hashable {
        /// As they are computed with.
        case float32
        /// Rounded to 8 significant bits; any magnitude.
        case bfloat16
        /// Rounded to 11 significant bits; magnitudes above 65504 become infinite.
        case float16
        /// Integers of −127 … 127 times one scale for each entry of the first axis: each output of a linear map, each word of an
        /// embedding. Vectors stay float32.
        case int8
        /// In blocks along the last axis, which is whole blocks. Others, and vectors, stay float32.
        case blocks(BlockFormat)

        /// What one number is in a file; of blocks, a byte.
        public var elementType: ElementType {
            switch self {
            case .float32: .float32
            case .bfloat16: .bfloat16
            case .float16: .float16
            case .int8: .int8
            case .blocks: .uint8
            }
        }

        /// The bytes that so many numbers take, scales of int8 aside.
        func byteCount(of count: Int) -> Int {
            guard case .blocks(let blocks) = self else { return count * elementType.byteCount }
            return count / blocks.numberCount * blocks.byteCount
        }

        /// How many numbers lie in so many bytes.
        func count(in byteCount: Int) -> Int {
            guard case .blocks(let blocks) = self else { return byteCount / elementType.byteCount }
            return byteCount / blocks.byteCount * blocks.numberCount
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
        format.byteCount(of: shape.elementCount) + scaleCount * MemoryLayout<Float>.stride
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
    /// Whether numbers of this shape can be brought to this format; otherwise they are float32.
    func fits(_ shape: Shape) -> Bool {
        switch self {
        case .float32: false
        case .bfloat16, .float16: true
        case .int8: shape.rank >= 2 && shape.elementCount > 0
        case .blocks(let blocks):
            blocks.isMade && shape.rank >= 2 && shape.elementCount > 0 && shape[-1] % blocks.numberCount == 0
        }
    }
}

extension Parameter.Format: RawRepresentable, CaseIterable {
    /// Those for matrices of any size.
    public static let allCases: [Parameter.Format] = [.float32, .bfloat16, .float16, .int8]

    /// The name.
    public var rawValue: String {
        switch self {
        case .float32: "float32"
        case .bfloat16: "bfloat16"
        case .float16: "float16"
        case .int8: "int8"
        case .blocks(let blocks): blocks.rawValue
        }
    }

    /// The format of this name; nil if there is none.
    public init?(rawValue: String) {
        let blocks = BlockFormat.allCases.map(Parameter.Format.blocks)
        guard let format = (Self.allCases + blocks).first(where: { $0.rawValue == rawValue }) else { return nil }
        self = format
    }
}
