import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Images seen through an affine map: the target's grid, [−1, 1] from corner to corner, is mapped by θ to places of the source, which is read there,
/// bilinearly, with zeros outside.
///
/// With θ computed from the image by a network of your own, this is a spatial transformer.
///
/// *Source:* Jaderberg et al. 2015, *Spatial Transformer Networks*, eq. 1–5.
/// - Parameters:
///   - images: [B, C, H, W].
///   - theta: [B, 2, 3], applied to (x, y, 1).
///   - height: the target's; a grid of 1 stands at the centre.
///   - width: the target's.
/// - Returns: [B, C, height, width]; gradients flow to the images and to θ.
/// - Throws: `ShapeError` if the shapes do not fit.
public func spatialTransformer(
    _ images: Tensor, theta: Tensor, height: Int, width: Int
) throws(ShapeError) -> Tensor {
    let axes = try ImageAxes(of: images, for: "spatialTransformer")
    try theta.requireShape([axes.batch, 2, 3], "theta", in: "spatialTransformer")
    let sides = 0...1 << 15
    guard sides.contains(height), sides.contains(width) else {
        throw ShapeError(
            "spatialTransformer", expected: "a target between 0 × 0 and \(sides.upperBound) × \(sides.upperBound)",
            found: "\(height) × \(width)")
    }
    let shape = try Shape([axes.batch, axes.channelCount, height, width]).checked(for: "spatialTransformer")
    let (rows, columns) = (cornerAligned(height), cornerAligned(width))
    let grid = try Tensor(
        rows.flatMap { _ in columns } + rows.flatMap { y in columns.map { _ in y } }
            + [Float](repeating: 1, count: height * width), shape: [3, height * width])
    let half = try Tensor([Float(axes.width - 1) / 2, Float(axes.height - 1) / 2], shape: [2])
    let pixels = (try matmul(theta, grid).transposed() + 1) * half  // [B, N, 2]
    let read = try images.permuted([0, 2, 3, 1]).sampledBilinearly(at: pixels)  // [B, N, C]
    return try read.transposed().reshaped(to: shape.dimensions)
}

/// `count` places that divide [−1, 1] evenly, its ends included.
private func cornerAligned(_ count: Int) -> [Float] {
    count == 1 ? [0] : (0..<count).map { Float(-1 + 2 * Double($0) / Double(count - 1)) }
}

extension MechanismDescriptor {
    /// What there is to know of `spatialTransformer`.
    public static let spatialTransformer = MechanismDescriptor(
        "spatial_transformer", "Spatial transformer", .vision,
        formula: "y(p) = x(θ [p; 1]) on a grid of [−1, 1]², corner-aligned, bilinear, zeros outside",
        cost: "O(C h w) time, for a target of h × w",
        use: "Cropping, turning and scaling an image as a learned step of a network.",
        source: "Jaderberg et al. 2015, Spatial Transformer Networks, eq. 1–5",
        options: [.integer("height"), .integer("width")],
        example: Example(["height": .number(6), "width": .number(6)], draws: "output") {
            [
                "input": .real($0.image(1)),
                "theta": .real(try Tensor([0.5, -0.3, 0.1, 0.3, 0.5, 0], shape: [1, 2, 3])),
            ]
        }
    ) { request in
        let output = try AttentionVariants.spatialTransformer(
            try request.tensor("input"), theta: try request.tensor("theta"),
            height: try request.options.integer("height"), width: try request.options.integer("width"))
        return ["output": .real(output)]
    }
}
