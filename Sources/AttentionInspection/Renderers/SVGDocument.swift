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

    /// About how many pixels a text takes in 13 pixel type. The reader's fonts are unknown, so this is generous.
    static func textWidth(_ text: String) -> Double { 7.4 * Double(text.displayWidth) }
}

extension Double {
    /// A coordinate: to a tenth of a pixel.
    var text: String { decimals(1) }
}
