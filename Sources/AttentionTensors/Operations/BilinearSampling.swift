extension Tensor {
    /// Maps [N, H, W, D] read between their pixels: at points [N, P, 2], given as (x, y) in pixels, the values [N, P, D].
    ///
    /// A value is the mean of the four pixels around its point, weighted by 1 − distance along each axis; outside the map there are
    /// zeros. Gradients flow to the maps and to the points. At a pixel's very centre, where the slope jumps, a point's gradient is the
    /// slope towards larger coordinates; a point that is nowhere (NaN) reads zeros.
    ///
    /// *Source:* Jaderberg et al. 2015, *Spatial Transformer Networks*, eq. 5–7.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func sampledBilinearly(at points: Tensor) throws(ShapeError) -> Tensor {
        guard shape.rank == 4, points.shape.rank == 3, points.shape[0] == shape[0], points.shape[2] == 2 else {
            throw ShapeError(
                "sampledBilinearly", expected: "maps [N, H, W, D] and points [N, P, 2]",
                found: "\(shape) and \(points.shape)")
        }
        let (count, size, area) = (points.shape[1], shape[3], shape[1] * shape[2] * shape[3])
        let (maps, places) = (contiguous().detached(), points.contiguous().detached())

        /// Calls `body` with every point (of all maps), each of its pixels, and the weight of that pixel. Maps run in parallel.
        @Sendable func forEachPixel(_ body: (_ point: Int, _ element: Int, _ weight: PixelWeight) -> Void) {
            places.withElements { places in
                Parallel.forEach(maps.shape[0]) { map in
                    for point in map * count..<(map + 1) * count {
                        PixelWeight.forEach(
                            x: places[2 * point], y: places[2 * point + 1], height: maps.shape[1], width: maps.shape[2]
                        ) { pixel, weight in
                            body(point, map * area + pixel * size, weight)
                        }
                    }
                }
            }
        }

        let output = Tensor.zeros([shape[0], count, size])
        maps.withElements { x in
            forEachPixel { point, element, weight in
                let out = output.storage.elements + point * size
                for feature in 0..<size { out[feature] += weight.value * x[element + feature] }
            }
        }
        return output.derived(from: self, points) { upstream, gradients in
            upstream.withElements { upstream in
                gradients.accumulate(to: self) { total in
                    forEachPixel { point, element, weight in
                        for feature in 0..<size {
                            total[element + feature] += weight.value * upstream[point * size + feature]
                        }
                    }
                }
                gradients.accumulate(to: points) { total in
                    maps.withElements { x in
                        forEachPixel { point, element, weight in
                            var product: Float = 0
                            for feature in 0..<size {
                                product += x[element + feature] * upstream[point * size + feature]
                            }
                            total[2 * point] += weight.slopeX * product
                            total[2 * point + 1] += weight.slopeY * product
                        }
                    }
                }
            }
        }
    }
}

/// How much a pixel counts at a point, and how that changes as the point moves.
private struct PixelWeight {
    let value: Float
    let slopeX: Float
    let slopeY: Float

    /// Calls `body` with the index of each pixel around the point that lies on the map, four at most.
    static func forEach(
        x: Float, y: Float, height: Int, width: Int, _ body: (_ pixel: Int, _ weight: PixelWeight) -> Void
    ) {
        guard x >= -1, x < Float(width), y >= -1, y < Float(height) else { return }
        let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        let (right, below) = (x - Float(left), y - Float(top))
        for down in 0...1 where (0..<height).contains(top + down) {
            let (shareY, slopeY): (Float, Float) = down == 0 ? (1 - below, -1) : (below, 1)
            for across in 0...1 where (0..<width).contains(left + across) {
                let (shareX, slopeX): (Float, Float) = across == 0 ? (1 - right, -1) : (right, 1)
                body(
                    (top + down) * width + left + across,
                    PixelWeight(value: shareX * shareY, slopeX: slopeX * shareY, slopeY: slopeY * shareX))
            }
        }
    }
}
