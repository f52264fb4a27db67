public import AttentionMechanisms
public import AttentionTensors

/// What a DRAW network reads: a patch of N × N from an image, through two banks of Gaussian filters.
public struct DRAWPatch: Sendable {
    /// γ F_y x F_xᵀ, [B, N, N].
    public let output: Tensor
    /// F_x, [B, N, W]; each filter sums to 1.
    public let horizontalFilters: Tensor
    /// F_y, [B, N, H].
    public let verticalFilters: Tensor
}

/// Reads a grid of N × N Gaussian filters, whose centre, stride, width and intensity a network chooses:
///
///     centre = (size + 1) / 2 · (g + 1),  δ = (max(H, W) − 1) / (N − 1) · d
///     μ_i = centre + (i − N/2 − ½) δ,  F_ia = exp(−(a − μ_i)² / 2σ²) / Σ_a …,  i = 1 … N, a = 1 … size
///
/// The filters are softmaxes, so they sum to 1 however far outside the image they stand. A single filter (N = 1) stands at the centre.
///
/// *Source:* Gregor et al. 2015, *DRAW: A Recurrent Neural Network For Image Generation*, eq. 19–27.
/// - Parameters:
///   - images: [B, H, W].
///   - parameters: (g_x, g_y, ln σ², ln d, ln γ), [B, 5].
///   - patchSize: N.
/// - Throws: `ShapeError` if the shapes do not fit.
public func drawRead(_ images: Tensor, parameters: Tensor, patchSize: Int) throws(ShapeError) -> DRAWPatch {
    guard images.shape.rank == 3, parameters.shape == [images.shape[0], 5] else {
        throw ShapeError(
            "drawRead", expected: "images [B, H, W] and parameters [B, 5]",
            found: "\(images.shape) and \(parameters.shape)")
    }
    let (height, width) = (images.shape[1], images.shape[2])
    let sizes = 1...1 << 15
    guard sizes.contains(patchSize) else {
        throw ShapeError("drawRead", expected: "a patch of 1 to \(sizes.upperBound)", found: "\(patchSize)")
    }

    /// One of the parameters, [B, 1, 1].
    func parameter(_ index: Int) throws(ShapeError) -> Tensor {
        try parameters.sliced(axis: 1, index..<index + 1).unsqueezed(axis: 2)
    }
    /// The filters along an axis, [B, N, size].
    func filters(_ centre: Tensor, size: Int) throws(ShapeError) -> Tensor {
        let spread = Double(max(height, width) - 1) / Double(max(1, patchSize - 1))
        let steps = try Tensor(
            (1...patchSize).map { Float((Double($0) - Double(patchSize) / 2 - 0.5) * spread) },
            shape: [patchSize, 1])
        let means = (centre + 1) * (Float(size + 1) / 2) + steps * (try parameter(3).exponential())  // [B, N, 1]
        let distances = try Tensor((0..<size).map { Float($0 + 1) }, shape: [size]) - means
        return try (distances * distances / (try parameter(2).exponential()) * -0.5).softmax()
    }
    let (across, down) = (
        try filters(try parameter(0), size: width), try filters(try parameter(1), size: height)
    )
    let patch = try matmul(try matmul(down, images), across.transposed())
    return DRAWPatch(
        output: (try parameter(4).exponential()) * patch, horizontalFilters: across, verticalFilters: down)
}

extension MechanismDescriptor {
    /// What there is to know of `drawRead`.
    public static let drawRead = MechanismDescriptor(
        "draw_read", "DRAW read", .vision,
        formula: "y = γ F_y x F_xᵀ, F_ia = exp(−(a − μ_i)² / 2σ²) / Σ_a …, μ_i = centre + (i − N/2 − ½) δ",
        cost: "O(N H W + N² W) time, for a patch of N × N",
        use: "A glimpse whose place, zoom and sharpness are chosen smoothly, step after step.",
        source: "Gregor et al. 2015, DRAW, eq. 19–27",
        options: [.integer("patch")],
        example: Example(["patch": .number(5)], draws: "filters_x") {
            [
                "input": .real(try $0.image(1).squeezed(axis: 1)),
                "parameters": .real(try Tensor([0.1, -0.2, -0.5, -0.3, 0], shape: [1, 5])),
            ]
        }
    ) { request in
        let patch = try AttentionVariants.drawRead(
            try request.tensor("input"), parameters: try request.tensor("parameters"),
            patchSize: try request.options.integer("patch"))
        return [
            "output": .real(patch.output), "filters_x": .real(patch.horizontalFilters),
            "filters_y": .real(patch.verticalFilters),
        ]
    }
}
