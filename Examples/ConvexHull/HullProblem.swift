package import AttentionTensors

/// Points of the unit square, and which of them are the corners of their convex hull.
package struct HullProblem: Sendable, Hashable {
    /// The points, in no particular order.
    package let points: [SIMD2<Double>]
    /// The indices of the corners, counter-clockwise, the lowest first.
    package let hull: [Int]

    /// The problem of these points, of which no three lie on a line.
    package init(points: [SIMD2<Double>]) {
        self.points = points
        hull = convexHull(of: points)
    }

    /// Points drawn uniformly, with 24 random bits a coordinate.
    package init(pointCount: Int, using generator: inout RandomGenerator) {
        self.init(
            points: (0..<pointCount).map { _ in
                SIMD2(Double(generator.nextUniform()), Double(generator.nextUniform()))
            })
    }

    /// Whether these corners, in this order or its reverse, from whichever of them, are the hull.
    package func isHull(_ corners: [Int]) -> Bool {
        corners.count == hull.count && edges(corners) == edges(hull) && Set(corners).count == corners.count
    }

    /// How much of the hull's area the polygon of these corners covers; nil unless it is a polygon whose sides do not cross.
    package func coverage(_ corners: [Int]) -> Double? {
        let sides = zip(corners, corners.dropFirst() + corners.prefix(1)).map { (points[$0], points[$1]) }
        let isSimple = sides.enumerated().allSatisfy { index, side in
            sides[..<index].allSatisfy { !cross(side, $0) }
        }
        guard corners.count >= 3, Set(corners).count == corners.count, isSimple else { return nil }
        return area(corners) / area(hull)
    }

    private func edges(_ corners: [Int]) -> Set<Set<Int>> {
        Set(zip(corners, corners.dropFirst() + corners.prefix(1)).map { [$0, $1] })
    }

    /// Half the sum of the sides' cross products: the shoelace formula.
    private func area(_ corners: [Int]) -> Double {
        let sides = zip(corners, corners.dropFirst() + corners.prefix(1))
        return abs(sides.reduce(0) { $0 + turn(.zero, points[$1.0], points[$1.1]) }) / 2
    }
}

/// Twice the signed area of a triangle: positive if a, b, c turn to the left. Exact for coordinates of 24 bits.
private func turn(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>) -> Double {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Whether two segments cross inside both.
private func cross(_ one: (SIMD2<Double>, SIMD2<Double>), _ other: (SIMD2<Double>, SIMD2<Double>)) -> Bool {
    turn(one.0, one.1, other.0) * turn(one.0, one.1, other.1) < 0
        && turn(other.0, other.1, one.0) * turn(other.0, other.1, one.1) < 0
}

/// The corners counter-clockwise from the lowest index (Andrew 1979: the lower chain from left to right, the upper one back).
private func convexHull(of points: [SIMD2<Double>]) -> [Int] {
    let fromTheLeft = points.indices.sorted { (points[$0].x, points[$0].y) < (points[$1].x, points[$1].y) }
    func chain(_ order: [Int]) -> [Int] {
        var corners: [Int] = []
        for index in order {
            while corners.count >= 2,
                turn(points[corners[corners.count - 2]], points[corners[corners.count - 1]], points[index]) <= 0
            {
                corners.removeLast()
            }
            corners.append(index)
        }
        return Array(corners.dropLast())
    }
    let corners = chain(fromTheLeft) + chain(fromTheLeft.reversed())
    let first = corners.indices.min { corners[$0] < corners[$1] } ?? 0
    return Array(corners[first...] + corners[..<first])
}
