/// Draws what was found on a picture: the picture itself, and a named frame around each thing.
public struct BoxRenderer: Sendable {
    /// A named frame, in pixels.
    public struct Box: Sendable, Hashable {
        /// What stands on it.
        public var label: String
        /// Where it is; what lies beyond the picture is not drawn.
        public var left, top, right, bottom: Double
        /// Red, green and blue.
        public var color: [UInt8]

        /// A frame around these pixels.
        public init(label: String, left: Double, top: Double, right: Double, bottom: Double, color: [UInt8]) {
            (self.label, self.color) = (label, color)
            (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
        }
    }

    /// The picture as a PNG file.
    private let png: [UInt8]
    private let width: Int
    private let height: Int

    /// A renderer for a picture of this size, given as a PNG file.
    public init(png: [UInt8], width: Int, height: Int) { (self.png, self.width, self.height) = (png, width, height) }

    /// An SVG document that needs no other file.
    public func svg(_ boxes: [Box]) -> String {
        let names = boxes.map(\.label).joined(separator: ", ")
        var text = SVGDocument.opening(
            width: Double(width), height: Double(height), label: (names.isEmpty ? "nothing found" : names).escapedMarkup
        )
        text += "\n<style>rect { fill: none; stroke-width: 2 } rect.name { stroke: none } "
        text += "text { fill: #ffffff; font: 13px system-ui, \"Noto Sans\", sans-serif }</style>\n"
        text += "<image width=\"\(width)\" height=\"\(height)\" href=\"data:image/png;base64,\(png.base64)\"/>\n"
        for box in boxes { text += frame(box) }
        return text + "</svg>\n"
    }

    private func frame(_ box: Box) -> String {
        let color = "#" + box.color.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        func bounded(_ value: Double, _ limit: Int) -> Double { value.isNaN ? 0 : min(max(value, 0), Double(limit)) }
        let left = bounded(box.left, width)
        let right = max(left, bounded(box.right, width))
        let top = bounded(box.top, height)
        let bottom = max(top, bounded(box.bottom, height))
        let (nameWidth, nameHeight) = (SVGDocument.textWidth(box.label) + 8, 18.0)
        // Above the frame, or in it where there is no room.
        let nameTop = top >= nameHeight ? top - nameHeight : top
        return """
            <rect x="\(left.text)" y="\(top.text)" width="\((right - left).text)" height="\((bottom - top).text)" stroke="\(color)"/>
            <rect class="name" x="\(left.text)" y="\(nameTop.text)" width="\(nameWidth.text)" height="18" style="fill: \(color)"/>
            <text x="\((left + 4).text)" y="\((nameTop + 13).text)">\(box.label.escapedMarkup)</text>

            """
    }
}
