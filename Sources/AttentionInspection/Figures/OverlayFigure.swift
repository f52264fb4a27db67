extension Figure {
    /// Weights over the picture that is looked at, or over the spectrogram of what is heard: for each panel its name, the picture, each place of it shaded
    /// by its weight, and what went elsewhere. All panels have one scale, which stands below.
    ///
    /// Places that would be too small to be seen are drawn together, shaded by the greatest of their weights.
    public init(_ overlay: PictureOverlay) {
        let layout = OverlayLayout(overlay)
        let title = overlay.matrix.name.visible
        var shapes: [Shape] = [.text(Label(text: title, x: 16, y: 28, role: .title))]
        for panel in overlay.matrix.target.indices { shapes += layout.shapes(ofPanel: panel) }
        self.init(
            title: title, width: max(layout.width, layout.legendWidth, 32 + 1.2 * SVGDocument.textWidth(title)),
            height: layout.height,
            shapes: shapes + layout.legend)
    }
}

/// Where things stand, in pixels.
private struct OverlayLayout {
    let overlay: PictureOverlay
    private let fullShade: Float
    /// The size that the picture is seen in, whatever its own; one that is very long is drawn out.
    private let size: (width: Double, height: Double)
    /// How many tiles a panel has.
    private let tiles: (down: Int, across: Int)
    private let columnCount: Int
    private let remarkCount: Int
    /// Between panels; wider where the last second of one would touch the first of the next.
    private let gap: Double

    /// How little of the picture a full shade lets through.
    private static let fullOpacity = 0.85
    /// The least side of a tile.
    private static let leastTile = 2.0
    private static let top = 44.0

    init(_ overlay: PictureOverlay) {
        self.overlay = overlay
        fullShade = ShadeScale.greatest.fullShade(ofGreatest: overlay.greatest)
        let (picture, count) = (overlay.picture, overlay.matrix.target.count)
        func limited(_ length: Double, _ range: ClosedRange<Double>) -> Double {
            min(max(length, range.lowerBound), range.upperBound).rounded()
        }
        gap = picture.seconds == nil ? 20 : 44
        let shape = Double(picture.width) / Double(picture.height)
        // One stands alone, several side by side.
        let width = limited((count > 1 ? 220 : 480) * shape.squareRoot(), count > 1 ? 190...400 : 240...880)
        size = (width, limited(width / shape, count > 1 ? 48...400 : 64...960))
        tiles = (
            min(picture.rowCount, Int(size.height / Self.leastTile)),
            min(picture.columnCount, Int(size.width / Self.leastTile))
        )
        columnCount = max(1, min(count, Int((960 + gap) / (width + gap))))
        remarkCount = overlay.matrix.target.indices.map { overlay.remarks(onPanel: $0).count }.max() ?? 0
    }

    /// Below the picture of a sound stand its seconds.
    private var axisHeight: Double { overlay.picture.seconds == nil ? 0 : 20 }
    private var panelHeight: Double { 24 + size.height + axisHeight + 18 * Double(remarkCount) + 16 }
    private var rowCount: Int { (overlay.matrix.target.count + columnCount - 1) / columnCount }

    var width: Double { 32 + size.width * Double(columnCount) + gap * Double(columnCount - 1) }
    var height: Double { Self.top + panelHeight * Double(rowCount) + 40 }

    func shapes(ofPanel panel: Int) -> [Figure.Shape] {
        let (row, column) = panel.quotientAndRemainder(dividingBy: columnCount)
        let left = 16 + (size.width + gap) * Double(column)
        let top = Self.top + panelHeight * Double(row)
        let name = overlay.matrix.target[panel].visible
        let place = Figure.Box(x: left, y: top + 24, width: size.width, height: size.height, role: .panel)
        let remarks = overlay.remarks(onPanel: panel).enumerated().map { line, text in
            Figure.Label(text: text, x: left, y: top + 40 + size.height + axisHeight + 18 * Double(line))
        }
        let picture = Figure.Picture(
            x: place.x, y: place.y, width: size.width, height: size.height, source: overlay.picture)
        let label = Figure.Label(
            text: name.fitted(to: Int(size.width / 7.4), ellipsis: "…"), x: left, y: top + 16)
        var shapes: [Figure.Shape] = [.text(label), .box(place), .picture(picture)]
        shapes += heat(of: panel, name, in: place)
        shapes += frame(of: panel, in: place)
        shapes += (ticks(below: place) + remarks).map(Figure.Shape.text)
        return shapes
    }

    private func heat(of panel: Int, _ name: String, in place: Figure.Box) -> [Figure.Shape] {
        let (width, height) = (size.width / Double(tiles.across), size.height / Double(tiles.down))
        let names = overlay.placeNames
        var shapes: [Figure.Shape] = []
        for (row, line) in overlay.tiles(ofPanel: panel, down: tiles.down, across: tiles.across).enumerated() {
            for (column, tile) in line.enumerated() {
                let box = Figure.Box(
                    x: place.x + width * Double(column), y: place.y + height * Double(row), width: width,
                    height: height, role: .heat, opacity: Self.fullOpacity * Double(min(1, tile.weight / fullShade)),
                    tip: "\(name) → \(names[tile.place].visible): \(Double(tile.weight).decimals(3))")
                shapes.append(.box(box))
            }
        }
        return shapes
    }

    /// The outline of the place that looks, if it is one.
    private func frame(of panel: Int, in place: Figure.Box) -> [Figure.Shape] {
        guard let own = overlay.ownPlaces[panel] else { return [] }
        let (rows, columns) = (Double(overlay.picture.rowCount), Double(overlay.picture.columnCount))
        let (row, column) = own.quotientAndRemainder(dividingBy: overlay.picture.columnCount)
        return [
            .box(
                Figure.Box(
                    x: place.x + size.width * Double(column) / columns, y: place.y + size.height * Double(row) / rows,
                    width: max(3, size.width / columns), height: max(3, size.height / rows), role: .frame))
        ]
    }

    /// The moments of a sound that are named: as many as have room, at round numbers of seconds.
    private func ticks(below place: Figure.Box) -> [Figure.Label] {
        guard let seconds = overlay.picture.seconds else { return [] }
        let steps: [Double] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600]
        let step = steps.first { $0 * size.width / seconds >= 48 } ?? seconds
        // What remains above a whole number of steps is rounding.
        return (0...Int(min(size.width / 48, seconds / step + 1e-6))).map { tick in
            let moment = step * Double(tick)
            return Figure.Label(
                text: "\(moment.decimals(1)) s", x: place.x + size.width * (moment / seconds),
                y: place.y + size.height + 15, role: .middle)
        }
    }

    /// What a full shade means.
    private var scale: String {
        let isPooled = tiles.down < overlay.picture.rowCount || tiles.across < overlay.picture.columnCount
        return Double(fullShade).significantDigits(3) + (isPooled ? ", a tile is the greatest of several places" : "")
    }

    var legendWidth: Double { 114 + SVGDocument.textWidth(scale) + 16 }

    /// Five shades between 0 and the full one.
    var legend: [Figure.Shape] {
        let y = height - 30
        var shapes: [Figure.Shape] = [
            .text(Figure.Label(text: "0", x: 16, y: y + 7, isCentred: true)),
            .text(Figure.Label(text: scale, x: 114, y: y + 7, isCentred: true)),
        ]
        for step in 0..<5 {
            var swatch = Figure.Box(x: 28 + 16 * Double(step), y: y, width: 14, height: 14, role: .panel)
            shapes.append(.box(swatch))
            swatch.role = .heat
            swatch.opacity = Self.fullOpacity * Double(step) / 4
            shapes.append(.box(swatch))
        }
        return shapes
    }
}
