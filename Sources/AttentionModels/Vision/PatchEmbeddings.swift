public import AttentionLayers
public import AttentionTensors

/// What the first layer of a vision transformer reads: patches of the picture, each mapped to a vector, behind vectors that belong to the
/// picture as a whole, with their positions (Dosovitskiy et al. 2021, *An Image is Worth 16×16 Words*, eq. 1).
///
///     z = norm(dropout([t₁; …; t_k; W p₁ + b; …; W p_N + b] + E)), r behind t_k
public struct PatchEmbeddings: Module {
    /// What becomes of pictures of another size than the model was trained with.
    public enum OtherSizes: Sendable, Hashable {
        /// They are refused.
        case refused
        /// They are read, with positions between those that were learnt, if there are any.
        case interpolated(CubicInterpolation)
    }

    /// The height and width of pictures, in pixels.
    public let imageSize: ImageSize
    /// The height and width of a patch, in pixels.
    public let patchSize: ImageSize
    /// What becomes of other pictures.
    public let otherSizes: OtherSizes
    /// W, [M, C, height, width of a patch].
    public var weight: Parameter
    /// b, [M]; nil for none.
    public var bias: Parameter?
    /// t: what stands before the patches, M numbers each; the first is read by heads.
    public var tokens: [Parameter]
    /// r: what stands between these and the patches and has no position, n · M numbers; nil for nothing (Darcet et al. 2024, *Vision
    /// Transformers Need Registers*, sec. 2.2).
    public var registers: Parameter?
    /// E, (k + N) · M numbers; nil where positions are told apart in the layers.
    public var positions: Parameter?
    /// The norm of mapped patches alone; nil for none.
    public var patchNorm: (any Norm)?
    /// The norm of the sum; nil for none.
    public var norm: (any Norm)?
    /// The probability of dropping an element in training.
    public let dropout: Float

    /// Embeddings of these parts.
    public init(
        imageSize: ImageSize, patchSize: ImageSize, otherSizes: OtherSizes = .refused, weight: Parameter,
        bias: Parameter?, tokens: [Parameter], registers: Parameter? = nil, positions: Parameter?,
        patchNorm: (any Norm)? = nil, norm: (any Norm)? = nil, dropout: Float = 0
    ) {
        (self.imageSize, self.patchSize, self.otherSizes) = (imageSize, patchSize, otherSizes)
        (self.weight, self.bias, self.tokens, self.registers) = (weight, bias, tokens, registers)
        (self.positions, self.patchNorm, self.norm, self.dropout) = (positions, patchNorm, norm, dropout)
    }

    /// M.
    public var modelSize: Int { weight.shape[0] }
    /// C.
    public var channelCount: Int { weight.shape[1] }
    /// How many rows and columns of patches a picture has.
    public var grid: ImageSize { grid(height: imageSize.height, width: imageSize.width) }

    /// How many rows and columns of patches a picture of this size has; what is no whole patch is left out.
    public func grid(height: Int, width: Int) -> ImageSize {
        ImageSize(height: height / patchSize.height, width: width / patchSize.width)
    }

    /// Pictures [B, C, height, width] → [B, k + n + N, M], patches row by row.
    /// - Throws: `ShapeError` if the pictures have a size that is not read.
    public func callAsFunction(_ images: Tensor, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        try check(images.shape)
        let (count, size) = (images.shape[0], modelSize)
        let grid = grid(height: images.shape[2], width: images.shape[3])
        let patches = try images.patches(patchSize, grid)
        var mapped = try linear(
            patches, weight: try weight.reshaped(to: [size, patches.shape[2]]), bias: bias)  // [B, N, M]
        if let patchNorm { mapped = try patchNorm(mapped) }
        func repeated(_ tokens: Parameter) throws(ShapeError) -> Tensor {
            let rows = try tokens.tensor.reshaped(to: [1, -1, size])
            return try rows.expanded(to: [count, rows.shape[1], size])
        }
        var rows: [Tensor] = []
        for token in tokens { rows.append(try repeated(token)) }
        var x = try concatenated(rows + [mapped], axis: 1)
        if let positions { x = x + (try self.positions(positions.tensor, on: grid)) }
        if let registers {
            let whole = try x.sliced(axis: 1, 0..<tokens.count)
            let rest = try x.sliced(axis: 1, tokens.count..<x.shape[1])
            x = try concatenated([whole, try repeated(registers), rest], axis: 1)
        }
        if let norm { x = try norm(x) }
        if let key { x = x.dropout(dropout, key: key) }
        return x
    }

    private func check(_ shape: Shape) throws(ShapeError) {
        switch otherSizes {
        case .refused:
            let expected = [channelCount, imageSize.height, imageSize.width]
            guard shape.rank == 4, Array(shape.dimensions.dropFirst()) == expected else {
                throw ShapeError(
                    "PatchEmbeddings", expected: "pictures [B, \(expected.map(String.init).joined(separator: ", "))]",
                    found: "\(shape)")
            }
        case .interpolated:
            guard shape.rank == 4, shape[1] == channelCount, shape[2] >= patchSize.height, shape[3] >= patchSize.width
            else {
                throw ShapeError(
                    "PatchEmbeddings",
                    expected:
                        "pictures [B, \(channelCount), at least \(patchSize.height), at least \(patchSize.width)]",
                    found: "\(shape)")
            }
        }
    }

    /// [1, k + N, M] for N patches on this grid.
    private func positions(_ learnt: Tensor, on grid: ImageSize) throws(ShapeError) -> Tensor {
        let all = try learnt.reshaped(to: [1, -1, modelSize])
        guard grid != self.grid, case .interpolated(let interpolation) = otherSizes else { return all }
        let patches = try all.sliced(axis: 1, tokens.count..<all.shape[1])
            .reshaped(to: [self.grid.height, self.grid.width, modelSize])
            .resized(height: grid.height, width: grid.width, interpolation)
            .reshaped(to: [1, grid.height * grid.width, modelSize])
        return try concatenated([try all.sliced(axis: 1, 0..<tokens.count), patches], axis: 1)
    }

    /// What each vector of a picture of this size stands for: `picture 1`, … `register 1`, … and `row 1, column 1`, …
    func placeNames(height: Int, width: Int) -> [String] {
        let registerCount = registers.map { $0.shape.elementCount / modelSize } ?? 0
        return tokens.indices.map { "picture \($0 + 1)" } + (0..<registerCount).map { "register \($0 + 1)" }
            + grid(height: height, width: width).placeNames
    }

    /// `projection.weight`, `projection.bias`, `tokens.0.…`, `registers`, `positions`, `patch_norm` and `norm`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "projection" / "weight")
        try bias.visit(&visitor, path / "projection" / "bias")
        try tokens.visit(&visitor, path / "tokens")
        try registers.visit(&visitor, path / "registers")
        try positions.visit(&visitor, path / "positions")
        try patchNorm?.visit(&visitor, path / "patch_norm")
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

    /// The places of a grid of this size: `row 1, column 1`, …
    public var placeNames: [String] {
        (0..<height).flatMap { row in (0..<width).map { "row \(row + 1), column \($0 + 1)" } }
    }
}

extension Tensor {
    /// [B, C, H, W] → [B, N, C · h · w]: patches of h × w on a grid, row by row, each channel by channel.
    fileprivate func patches(_ size: ImageSize, _ grid: ImageSize) throws(ShapeError) -> Tensor {
        let (rows, columns) = (grid.height, grid.width)
        return try sliced(axis: 2, 0..<rows * size.height).sliced(axis: 3, 0..<columns * size.width)
            .reshaped(to: [shape[0], shape[1], rows, size.height, columns, size.width])
            .permuted([0, 2, 4, 1, 3, 5])
            .reshaped(to: [shape[0], rows * columns, shape[1] * size.height * size.width])
    }
}
