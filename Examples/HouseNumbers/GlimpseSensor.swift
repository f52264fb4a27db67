package import AttentionTensors

/// What an eye sees at a place: a small square sharply, and ever larger ones around it ever more coarsely, all with as many pixels (Mnih et al. 2014,
/// sec. 3.1, *retina-like* representation).
package struct GlimpseSensor: Sendable, Hashable {
    /// n: rows and columns of each square.
    package let size: Int
    /// How many squares there are; each covers twice as many rows and columns as the one before.
    package let scaleCount: Int

    /// A sensor of these sizes.
    package init(size: Int, scaleCount: Int) { (self.size, self.scaleCount) = (size, scaleCount) }

    /// How many numbers it gives.
    package var count: Int { size * size * scaleCount }

    /// What is seen of scenes [B] at places [B, 2] from −1 (left, upper edge) to 1, [B, scales · n · n]; black beyond the edges. A constant: where one
    /// looks is not learnt through what is seen.
    package func callAsFunction(_ scenes: [DigitScene], at places: [SIMD2<Float>]) throws(ShapeError) -> Tensor {
        var values = [Float](repeating: 0, count: scenes.count * count)
        for (row, (scene, place)) in zip(scenes, places).enumerated() {
            let centre = Self.pixel(place, of: scene)
            for scale in 0..<scaleCount {
                look(
                    at: scene, from: (Int(centre.x.rounded()), Int(centre.y.rounded())), step: 1 << scale,
                    into: &values,
                    row * count + scale * size * size)
            }
        }
        return try Tensor(values, shape: [scenes.count, count])
    }

    /// A place from −1 to 1 in pixels of a scene.
    package static func pixel(_ place: SIMD2<Float>, of scene: DigitScene) -> SIMD2<Float> {
        SIMD2((place.x + 1) / 2 * Float(scene.width), (place.y + 1) / 2 * Float(scene.height))
    }

    /// One square around a pixel, each of whose pixels is the mean of `step` · `step`.
    private func look(
        at scene: DigitScene, from centre: (x: Int, y: Int), step: Int, into values: inout [Float], _ start: Int
    ) {
        let (left, top) = (centre.x - size * step / 2, centre.y - size * step / 2)
        let share = 1 / Float(step * step)
        for y in 0..<size * step {
            guard 0..<scene.height ~= top + y else { continue }
            for x in 0..<size * step where 0..<scene.width ~= left + x {
                values[start + y / step * size + x / step] += share * scene.pixels[(top + y) * scene.width + left + x]
            }
        }
    }
}
