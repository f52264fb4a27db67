/// What all our SVG documents have in common.
enum SVGDocument {
    /// The root element's opening tag.
    ///
    /// - Parameters:
    ///   - width: in pixels.
    ///   - height: in pixels.
    ///   - label: what the picture shows, for those who cannot see it; escaped already.
    static func opening(width: Double, height: Double, label: String) -> String {
        let (width, height) = (width.decimals(0), height.decimals(0))
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
            + "viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(label)\">"
    }

    /// Colours and type of charts, and their ground.
    static let chartStyle = """
        <style>
        .ground { fill: #ffffff }
        .grid { stroke: #e3e5ec }
        .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
        .band { fill: currentColor; fill-opacity: .16 }
        .dashed.line { stroke-dasharray: 6 5 }
        .point, .bar { fill: currentColor }
        text { fill: #23262f; font: 13px system-ui, "Noto Sans", sans-serif; unicode-bidi: isolate }
        .title { font-size: 16px; font-weight: 600 }
        .middle { text-anchor: middle }
        .end { text-anchor: end }
        .s0 { color: #3d35a8 } .s1 { color: #d9541e } .s2 { color: #00876a }
        .s3 { color: #b8488c } .s4 { color: #a87800 } .s5 { color: #2f8fc4 }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #14151c }
        .grid { stroke: #2a2d3a }
        text { fill: #e4e5ea }
        .s0 { color: #9d97ff } .s1 { color: #ff8f5c } .s2 { color: #43c9a5 }
        .s3 { color: #ea8fc3 } .s4 { color: #ffc266 } .s5 { color: #79c4f2 }
        }
        </style>
        <rect class="ground" width="100%" height="100%"/>
        """

    /// About how many pixels a text takes in 13 pixel type. The reader's fonts are unknown, so this is generous.
    static func textWidth(_ text: String) -> Double { 7.4 * Double(text.displayWidth) }
}

extension Double {
    /// A coordinate: to a tenth of a pixel.
    var text: String { decimals(1) }
}
