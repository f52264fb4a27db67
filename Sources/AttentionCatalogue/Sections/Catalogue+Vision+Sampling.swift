import AttentionLayers
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Images read at places that are computed.
    static let imageSampling: [CatalogueEntry] = [
        CatalogueEntry(
            "deformable", "Deformable attention", .vision,
            formula: "y = Σ_lp softmax(logits)_lp value_l(location_lp), bilinear between pixels, zeros outside",
            cost: "O(Q H P D) time, for P points in all levels: the image's size does not enter",
            use:
                "Feature maps too large for attention to every place: a query looks at a few points that it learns to aim.",
            source: "Zhu et al. 2021, Deformable DETR, eq. 2–3"
        ) { request in
            let (output, weights) = try deformableAttention(
                value: try request.tensor("value"), levels: try levels(request.options),
                locations: try request.tensor("sampling_locations"), logits: try request.tensor("logits"))
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "spatial_transformer", "Spatial transformer", .vision,
            formula: "y(p) = x(θ [p; 1]) on a grid of [−1, 1]², corner-aligned, bilinear, zeros outside",
            cost: "O(C h w) time, for a target of h × w",
            use: "Cropping, turning and scaling an image as a learned step of a network.",
            source: "Jaderberg et al. 2015, Spatial Transformer Networks, eq. 1–5"
        ) { request in
            let output = try spatialTransformer(
                try request.tensor("input"), theta: try request.tensor("theta"),
                height: try request.options.integer("height"), width: try request.options.integer("width"))
            return ["output": .real(output)]
        },
        CatalogueEntry(
            "draw_read", "DRAW read", .vision,
            formula: "y = γ F_y x F_xᵀ, F_ia = exp(−(a − μ_i)² / 2σ²) / Σ_a …, μ_i = centre + (i − N/2 − ½) δ",
            cost: "O(N H W + N² W) time, for a patch of N × N",
            use: "A glimpse whose place, zoom and sharpness are chosen smoothly, step after step.",
            source: "Gregor et al. 2015, DRAW, eq. 19–27"
        ) { request in
            let patch = try drawRead(
                try request.tensor("input"), parameters: try request.tensor("parameters"),
                patchSize: try request.options.integer("patch"))
            return [
                "output": .real(patch.output), "filters_x": .real(patch.horizontalFilters),
                "filters_y": .real(patch.verticalFilters),
            ]
        },
    ]
}

/// The option `shapes`: [[height, width], …].
private func levels(_ options: Options) throws(CatalogueError) -> [(height: Int, width: Int)] {
    guard let value = options.value("shapes") else {
        throw .missingOption("shapes", mechanism: options.owner)
    }
    func refused() -> CatalogueError {
        .unfitOption("shapes of \(options.owner)", expected: "a list of [height, width]", found: "\(value)")
    }
    guard case .list(let list) = value else { throw refused() }
    var levels: [(height: Int, width: Int)] = []
    for level in list {
        guard case .list(let sizes) = level, sizes.count == 2, case .number(let first) = sizes[0],
            case .number(let second) = sizes[1], let height = Int(exactly: first), let width = Int(exactly: second)
        else { throw refused() }
        levels.append((height, width))
    }
    return levels
}
