extension Figure {
    /// A square for each head: how far it looks to the right, how widely it spreads upwards, the larger the more it rests at the first token, in
    /// the colour of its layer. The heads that are extreme in something are named. Where heads were compared with alignments of words, the stronger
    /// a square, the fewer of its links are wrong, and the head with the fewest says how many.
    public init(_ map: HeadMap) {
        let plot = (left: 72.0, top: 52.0, width: 520.0, height: 340.0)
        let farthest = max(1, map.points.map(\.distance).max() ?? 1)
        let layers = map.points.reduce(into: [Int]()) { if $0.last != $1.head.layer { $0.append($1.head.layer) } }
        func place(of point: HeadMap.Point) -> (x: Double, y: Double) {
            (
                plot.left + plot.width * point.distance / farthest,
                plot.top + plot.height * (1 - min(1, point.entropy))
            )
        }
        var shapes: [Shape] = [
            .text(Label(text: map.title.visible, x: 16, y: 28, role: .title)),
            .box(Box(x: plot.left, y: plot.top, width: plot.width, height: plot.height, role: .panel)),
        ]
        shapes += map.points.map { point in
            let (x, y) = place(of: point)
            let size = 6 + 18 * min(1, point.sinkShare)
            return .box(
                Box(
                    x: x - size / 2, y: y - size / 2, width: size, height: size,
                    role: .series(layers.firstIndex(of: point.head.layer) ?? 0), opacity: point.strength, tip: point.tip
                ))
        }
        shapes += map.extremes.map { point in
            let (x, y) = place(of: point)
            return .text(Label(text: point.name + map.bestRate(of: point), x: x + 15, y: y, isCentred: true))
        }
        for share in [0.0, 0.5, 1] {
            shapes.append(
                .text(
                    Label(
                        text: share.decimals(1), x: plot.left - 10, y: plot.top + plot.height * (1 - share), role: .row,
                        isCentred: true)))
            shapes.append(
                .text(
                    Label(
                        text: (farthest * share).decimals(1), x: plot.left + plot.width * share,
                        y: plot.top + plot.height + 20, role: .middle)))
        }
        let foot = plot.top + plot.height + 44
        if map.isCompared {
            shapes.append(
                .text(Label(text: "strength: 1 − alignment error rate of its links", x: 16, y: foot + 20)))
        }
        shapes.append(
            .text(
                Label(
                    text:
                        "right: how many tokens away; up: entropy as a share of the greatest; size: share of the first token",
                    x: 16, y: foot)))
        for (number, layer) in layers.enumerated() {
            let (x, y) = (plot.left + plot.width + 20, plot.top + 22 * Double(number))
            shapes.append(.box(Box(x: x, y: y, width: 14, height: 14, role: .series(number), opacity: 1)))
            shapes.append(.text(Label(text: "layer \(layer + 1)", x: x + 20, y: y + 7, isCentred: true)))
        }
        self.init(
            title: map.title.visible, width: plot.left + plot.width + 120,
            height: max(foot + (map.isCompared ? 36 : 16), plot.top + 22 * Double(layers.count) + 16), shapes: shapes)
    }
}

extension HeadMap {
    /// The heads that are first or last in one of the measures, in their order.
    fileprivate var extremes: [Point] {
        var measures: [(Point) -> Double] = [\.entropy, \.distance, \.sinkShare]
        if isCompared { measures.append(\.errorRate) }
        let ends = measures.flatMap { measure in
            [points.max { measure($0) < measure($1) }, points.min { measure($0) < measure($1) }].compactMap { $0?.head }
        }
        return points.filter { ends.contains($0.head) }
    }
}

extension HeadMap {
    /// The rate of the head that aligns best, behind its name.
    fileprivate func bestRate(of point: Point) -> String {
        guard isCompared, point.head == points.min(by: { $0.errorRate < $1.errorRate })?.head else { return "" }
        return " (AER \(point.errorRate.decimals(2)))"
    }
}

extension HeadMap.Point {
    /// The alignment error rate; 1 where it is not known.
    fileprivate var errorRate: Double { alignment?.rate.rate ?? 1 }

    fileprivate var strength: Double { alignment.map { 0.2 + 0.8 * (1 - $0.rate.rate) } ?? 0.75 }

    fileprivate var tip: String {
        "head \(name): entropy \(entropy.decimals(2)), \(distance.decimals(2)) tokens away, first token \(sinkShare.decimals(2))"
            + (alignment.map { ", AER \($0.rate.rate.decimals(2)), agreement \($0.agreement.decimals(2))" } ?? "")
    }
}
