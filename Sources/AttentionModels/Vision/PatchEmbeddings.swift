public import AttentionLayers
public import AttentionTensors

/// What the first layer of a vision transformer reads: patches of the picture, each mapped to a vector, behind vectors that belong to the
/// picture as a whole, with their positions (Dosovitskiy et al. 2021, *An Image is Worth 16×16 Words*, eq. 1).
///
///     z = norm(dropout([t₁; …; t_k; W p₁ + b; …; W p_N + b] + E))
public struct PatchEmbeddings: Module {
    /// The height and width of pictures, in pixels.
    public let imageSize: ImageSize
    /// The height and width of a patch, in pixels.
    public let patchSize: ImageSize
    /// W, [M, C, height, width of a patch].
    public var weight: Parameter
    /// b, [M]; nil for none.
    public var bias: Parameter?
    /// t: what stands before the patches, M numbers each; the first is read by heads.
    public var tokens: [Parameter]
    /// E, (k + N) · M numbers.
    public var positions: Parameter
    /// The norm; nil for none.
    public var norm: (any Norm)?
    /// The probability of dropping an element in training.
    public let dropout: Float

    /// Embeddings of these parts.
    public init(
        imageSize: ImageSize, patchSize: ImageSize, weight: Parameter, bias: Parameter?, tokens: [Parameter],
        positions: Parameter, norm: (any Norm)? = nil, dropout: Float = 0
    ) {
        (self.imageSize, self.patchSize, self.weight, self.bias) = (imageSize, patchSize, weight, bias)
        (self.tokens, self.positions, self.norm, self.dropout) = (tokens, positions, norm, dropout)
    }

    /// M.
    public var modelSize: Int { weight.shape[0] }
    /// C.
    public var channelCount: Int { weight.shape[1] }
    /// How many rows and columns of patches a picture has.
    public var grid: ImageSize {
        ImageSize(height: imageSize.height / patchSize.height, width: imageSize.width / patchSize.width)
    }

    /// Pictures [B, C, height, width] → [B, k + N, M], patches row by row.
    /// - Throws: `ShapeError` if the pictures have another size.
    public func callAsFunction(_ images: Tensor, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        let expected = [channelCount, imageSize.height, imageSize.width]
        guard images.shape.rank == 4, Array(images.shape.dimensions.dropFirst()) == expected else {
            throw ShapeError(
                "PatchEmbeddings", expected: "pictures [B, \(expected.map(String.init).joined(separator: ", "))]",
                found: "\(images.shape)")
        }
        let (count, size) = (images.shape[0], modelSize)
        let patches = try images.patches(patchSize)
        let mapped = try linear(
            patches, weight: try weight.reshaped(to: [size, patches.shape[2]]), bias: bias)  // [B, N, M]
        var rows: [Tensor] = []
        for token in tokens {
            rows.append(try token.tensor.reshaped(to: [1, 1, size]).expanded(to: [count, 1, size]))
        }
        var x = try concatenated(rows + [mapped], axis: 1)
        x = x + (try positions.tensor.reshaped(to: [1, x.shape[1], size]))
        if let norm { x = try norm(x) }
        if let key { x = x.dropout(dropout, key: key) }
        return x
    }

    /// `projection.weight`, `projection.bias`, `tokens.0.…`, `positions` and `norm`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "projection" / "weight")
        try bias.visit(&visitor, path / "projection" / "bias")
        try tokens.visit(&visitor, path / "tokens")
        try positions.visit(&visitor, path / "positions")
        try norm?.visit(&visitor, path / "norm")
    }
}

/// A height and a width.
public struct ImageSize: Sendable, Hashable {
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// A height and a width.
    public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }
}

extension Tensor {
    /// [B, C, H, W] → [B, N, C · h · w]: patches of h × w, row by row, each channel by channel.
    fileprivate func patches(_ size: ImageSize) throws(ShapeError) -> Tensor {
        let (rows, columns) = (shape[2] / size.height, shape[3] / size.width)
        return try reshaped(to: [shape[0], shape[1], rows, size.height, columns, size.width])
            .permuted([0, 2, 4, 1, 3, 5])
            .reshaped(to: [shape[0], rows * columns, shape[1] * size.height * size.width])
    }
}
