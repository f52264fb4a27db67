extension Figure {
    /// The picture as a standalone SVG document, the same bytes for the same picture. Text stays text; colours follow the reader's preference
    /// for light or dark.
    public var svg: String {
        let pictures = pictures
        let opening = SVGDocument.opening(width: width, height: height, label: title.escapedMarkup)
        let definitions = pictures.enumerated().map { definition($0.offset, $0.element) }
        let lines = [opening, style(drawing: pictures)] + definitions + shapes.map { svg($0, among: pictures) }
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    private func svg(_ shape: Shape, among pictures: [Picture]) -> String {
        switch shape {
        case .box(let box): svg(box)
        case .link(let link): svg(link)
        case .text(let label): svg(label)
        case .picture(let picture):
            "<use href=\"#picture\(pictures.firstIndex(where: picture.isLike) ?? 0)\" x=\"\(picture.x.text)\" y=\"\(picture.y.text)\"/>"
        }
    }

    /// What stands for a picture wherever it is drawn; its bytes stand there once.
    private func definition(_ number: Int, _ picture: Picture) -> String {
        // Few pixels stay what they are.
        let style = picture.width > 4 * Double(picture.source.width) ? " style=\"image-rendering: pixelated\"" : ""
        return "<defs><image id=\"picture\(number)\" width=\"\(picture.width.text)\" height=\"\(picture.height.text)\" "
            + "opacity=\"\(Picture.opacity)\" preserveAspectRatio=\"none\"\(style) "
            + "href=\"data:image/png;base64,\(picture.source.png.base64)\"/></defs>"
    }

    private func svg(_ box: Box) -> String {
        let opacity = box.opacity.map { " fill-opacity=\"\($0.decimals(3))\"" } ?? ""
        let start =
            "<rect class=\"\(box.role.name)\" x=\"\(box.x.text)\" y=\"\(box.y.text)\" width=\"\(box.width.text)\" "
            + "height=\"\(box.height.text)\"" + opacity
        if let tip = box.tip { return "\(start)><title>\(tip.escapedMarkup)</title></rect>" }
        return start + (box.role == .cell ? "></rect>" : "/>")
    }

    private func svg(_ link: Link) -> String {
        let (first, second) = Self.controls(of: link)
        return "<path class=\"\(link.role.name)\" d=\"M\(link.from.x.text) \(link.from.y.text)C\(first.x.text) "
            + "\(first.y.text) \(second.x.text) \(second.y.text) \(link.to.x.text) \(link.to.y.text)\" "
            + "stroke-opacity=\"\(link.opacity.decimals(3))\"><title>\(link.tip.escapedMarkup)</title></path>"
    }

    private func svg(_ label: Label) -> String {
        let role = label.role == .plain ? "" : " class=\"\(label.role.name)\""
        if label.isSlanted {
            return "<text\(role) transform=\"translate(\(label.x.text) \(label.y.text)) rotate(-50)\">"
                + "\(label.text.escapedMarkup)</text>"
        }
        let centre = label.isCentred ? " dy=\".35em\"" : ""
        return "<text\(role) x=\"\(label.x.text)\" y=\"\(label.y.text)\"\(centre)>\(label.text.escapedMarkup)</text>"
    }
}

extension Figure.Role {
    /// The class of the style sheet.
    fileprivate var name: String {
        switch self {
        case .panel: "panel"
        case .cell: "cell"
        case .heat: "heat"
        case .frame: "frame"
        case .series(let place): "s\(place % Self.seriesCount)"
        case .row: "row"
        case .plain: "plain"
        case .middle: "middle"
        case .title: "title"
        }
    }
}

extension Figure {
    /// Colours and type of what there is.
    private func style(drawing pictures: [Picture]) -> String {
        let series = shapes.contains(where: \.isOfSeries)
        let overlay = !pictures.isEmpty
        return """
            <style>
            .ground { fill: #ffffff }
            .panel { fill: #f1f2f7 }
            .cell { fill: #3d35a8; stroke: #ffffff; stroke-width: 1 }
            .cell:hover { stroke: #e0562b; stroke-width: 2 }
            text { fill: #23262f; font: 13px system-ui, "Noto Sans", sans-serif; unicode-bidi: isolate }
            .title { font-size: 16px; font-weight: 600 }
            .row { text-anchor: end }
            \(series ? Self.seriesStyle + "\n" : "")\(overlay ? Self.overlayStyle + "\n" : "")@media (prefers-color-scheme: dark) {
            .ground { fill: #14151c }
            .panel { fill: #1f212c }
            .cell { fill: #ffc266; stroke: #14151c }
            .cell:hover { stroke: #ff8f5c }
            text { fill: #e4e5ea }
            \(series ? Self.darkSeriesStyle + "\n" : "")\(overlay ? Self.darkOverlayStyle + "\n" : "")}
            </style>
            <rect class="ground" width="100%" height="100%"/>
            """
    }

    private static let seriesStyle = """
        .middle { text-anchor: middle }
        .s0 { color: #3d35a8 } .s1 { color: #d9541e } .s2 { color: #00876a }
        .s3 { color: #b8488c } .s4 { color: #a87800 } .s5 { color: #2f8fc4 }
        rect.s0, rect.s1, rect.s2, rect.s3, rect.s4, rect.s5 { fill: currentColor }
        path { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round }
        """

    private static let overlayStyle = """
        .heat { fill: #3d35a8; shape-rendering: crispEdges }
        .frame { fill: none; stroke: #d9541e; stroke-width: 2 }
        """

    private static let darkOverlayStyle = """
        .heat { fill: #ffc266 }
        .frame { stroke: #ff8f5c }
        """

    private static let darkSeriesStyle = """
        .s0 { color: #9d97ff } .s1 { color: #ff8f5c } .s2 { color: #43c9a5 }
        .s3 { color: #ea8fc3 } .s4 { color: #ffc266 } .s5 { color: #79c4f2 }
        """
}

extension Figure.Shape {
    /// Whether it needs more than the colours of a matrix.
    fileprivate var isOfSeries: Bool {
        switch self {
        case .link: true
        case .box(let box): box.role.isOfSeries
        case .text(let label): label.role == .middle
        case .picture: false
        }
    }
}

extension Figure.Role {
    fileprivate var isOfSeries: Bool {
        if case .series = self { true } else { false }
    }
}
