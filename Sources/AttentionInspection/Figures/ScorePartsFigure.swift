extension Figure {
    /// The products of what the query and what the key have read, the heads of a layer together: what adds to the score in the first colour, what
    /// takes from it in the second, as strong as it is beside the greatest; behind each row and below each column its sum as a bar.
    public init(_ reasons: ScoreParts) {
        let groups = reasons.grouped()
        let layout = ProductLayout(groups)
        var shapes: [Shape] = [.text(Label(text: groups.title.visible, x: 16, y: 28, role: .title))]
        for (place, part) in groups.parts.enumerated() {
            shapes.append(
                .text(Label(text: part.name, x: layout.left - 10, y: layout.y(place), role: .row, isCentred: true)))
        }
        for (place, part) in groups.keyParts.enumerated() {
            shapes.append(.text(Label(text: part.name, x: layout.x(place), y: layout.top - 8, isSlanted: true)))
        }
        shapes += groups.parts.indices.flatMap { row in
            groups.keyParts.indices.flatMap { layout.cell(row, $0, groups) }
        }
        for (place, sum) in groups.querySums.enumerated() { shapes += layout.rowBar(place, sum) }
        for (place, sum) in groups.keySums.enumerated() { shapes += layout.columnBar(place, sum) }
        let foot = layout.bottom + 92
        shapes.append(.text(Label(text: "down: the query reads; across: the key reads", x: 16, y: foot)))
        shapes.append(.text(Label(text: groups.summary, x: 16, y: foot + 20)))
        let widest = [
            layout.right + 130, 32 + 1.2 * SVGDocument.textWidth(groups.title),
            32 + SVGDocument.textWidth(groups.summary),
        ]
        self.init(title: groups.title.visible, width: widest.reduce(0, max), height: foot + 36, shapes: shapes)
    }
}

/// Where products and their sums stand.
private struct ProductLayout {
    let left: Double
    let top = 150.0
    private let size = 28.0
    private let parts: [String]
    private let keyParts: [String]
    private let greatestProduct: Float
    private let greatestSum: Float

    init(_ groups: ScoreParts) {
        (parts, keyParts) = (groups.parts.map(\.name), groups.keyParts.map(\.name))
        left = 26 + (parts.map(SVGDocument.textWidth).max() ?? 0)
        greatestProduct = groups.products.joined().map(abs).max() ?? 0
        greatestSum = (groups.querySums + groups.keySums).map(abs).max() ?? 0
    }

    var right: Double { left + size * Double(keyParts.count) }
    var bottom: Double { top + size * Double(parts.count) }

    /// The middle of a column.
    func x(_ column: Int) -> Double { left + size * (Double(column) + 0.5) }

    /// The middle of a row.
    func y(_ row: Int) -> Double { top + size * (Double(row) + 0.5) }

    func cell(_ row: Int, _ column: Int, _ groups: ScoreParts) -> [Figure.Shape] {
        let product = groups.products[row][column]
        let box = Figure.Box(
            x: x(column) - size / 2, y: y(row) - size / 2, width: size - 1, height: size - 1, role: .panel)
        guard product != 0, greatestProduct > 0 else { return [.box(box)] }
        var shade = box
        shade.role = .series(product > 0 ? 0 : 1)
        shade.opacity = Double(abs(product) / greatestProduct)
        shade.tip = "\(parts[row]) · \(keyParts[column]): \(Double(product).decimals(3))"
        return [.box(box), .box(shade)]
    }

    func rowBar(_ row: Int, _ sum: Float) -> [Figure.Shape] {
        let length = length(of: sum)
        return [
            .box(
                Figure.Box(
                    x: right + 8, y: y(row) - 8, width: length, height: 16, role: .series(sum < 0 ? 1 : 0), opacity: 1)),
            .text(
                Figure.Label(
                    text: Double(sum).fixedDecimals(2), x: right + 14 + length, y: y(row), isCentred: true)),
        ]
    }

    func columnBar(_ column: Int, _ sum: Float) -> [Figure.Shape] {
        let length = length(of: sum)
        return [
            .box(
                Figure.Box(
                    x: x(column) - 8, y: bottom + 8, width: 16, height: length, role: .series(sum < 0 ? 1 : 0),
                    opacity: 1)),
            .text(
                Figure.Label(
                    text: Double(sum).fixedDecimals(1), x: x(column), y: bottom + 22 + length, role: .middle)),
        ]
    }

    private func length(of sum: Float) -> Double {
        greatestSum > 0 ? max(1, 44 * Double(abs(sum) / greatestSum)) : 0
    }
}
