extension Figure {
    /// What weighs less has no arc.
    static let leastArc: Float = 0.1

    /// A text that looks at itself, as arcs over its words: from each to those it looks at, where a square stands, as strong as the weight. What a
    /// word gives to itself, and a weight below 0.1, has no arc.
    ///
    /// - Throws: `AlignmentError.notSquare` unless there are as many targets as sources.
    public init(arcsOf matrix: AlignmentMatrix) throws(AlignmentError) {
        guard matrix.source.count == matrix.target.count else {
            throw .notSquare(operation: "arcs", targetCount: matrix.target.count, sourceCount: matrix.source.count)
        }
        let labels = matrix.target.map(Self.fitted)
        var (centres, edge) = ([Double](), 24.0)
        for label in labels {
            let width = SVGDocument.textWidth(label)
            centres.append(edge + width / 2)
            edge += width + 18
        }
        let arcs = matrix.weights.enumerated().flatMap { row, weights in
            weights.enumerated().filter { $0.offset != row && $0.element >= Self.leastArc }
                .map { (from: row, to: $0.offset, weight: $0.element) }
        }
        func rise(_ from: Int, _ to: Int) -> Double { 18 + 22 * Double(abs(from - to)).squareRoot() * 1.6 }
        let highest = arcs.map { rise($0.from, $0.to) }.max() ?? 0
        // A cubic curve reaches three quarters of the way to its control points.
        let ground = 52 + 0.75 * highest
        var shapes: [Shape] = [.text(Label(text: matrix.name.visible, x: 16, y: 28, role: .title))]
        for arc in arcs {
            // Those that leave and those that arrive stand a little apart.
            let side: Double = arc.from < arc.to ? 3 : -3
            let (from, to) = (centres[arc.from] + side, centres[arc.to] - side)
            shapes.append(
                .link(
                    Link(
                        from: (from, ground), to: (to, ground), role: .series(0), opacity: Double(min(1, arc.weight)),
                        tip: "\(matrix.target[arc.from].visible) → \(matrix.source[arc.to].visible): "
                            + Double(arc.weight).decimals(3), rise: rise(arc.from, arc.to))))
            shapes.append(
                .box(
                    Box(
                        x: to - 2.5, y: ground - 1, width: 5, height: 5, role: .series(0),
                        opacity: Double(min(1, arc.weight)))))
        }
        shapes += zip(labels, centres).map { .text(Label(text: $0, x: $1, y: ground + 20, role: .middle)) }
        self.init(
            title: matrix.name.visible, width: max(edge + 6, 32 + 1.2 * SVGDocument.textWidth(matrix.name)),
            height: ground + 36, shapes: shapes)
    }
}
