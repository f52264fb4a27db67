import SharedPictures

/// A scene as SVG, and on it where a network looked.
package struct ScenePicture: Sendable {
    private let scene: DigitScene
    private var marks = ""
    /// How many units of the drawing a pixel has.
    private static let scale = 8

    /// The scene alone.
    package init(_ scene: DigitScene) { self.scene = scene }

    /// With the places of glimpses, joined in their order, the first hollow, and the sharpest square of the last.
    package func adding(path: [SIMD2<Float>], squareSize: Int) -> ScenePicture {
        var copy = self
        let points = path.map { place in
            let pixel = GlimpseSensor.pixel(place, of: scene) * Float(Self.scale)
            return (x: Int(pixel.x.rounded()), y: Int(pixel.y.rounded()))
        }
        let line = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        copy.marks += "<polyline points=\"\(line)\" fill=\"none\" stroke=\"#e69f00\" stroke-width=\"3\"/>\n"
        for (index, point) in points.enumerated() {
            let fill = index == 0 ? "none" : "#e69f00"
            copy.marks +=
                "<circle cx=\"\(point.x)\" cy=\"\(point.y)\" r=\"5\" fill=\"\(fill)\" stroke=\"#e69f00\" stroke-width=\"2\"/>\n"
        }
        if let last = points.last {
            let side = squareSize * Self.scale
            copy.marks +=
                "<rect x=\"\(last.x - side / 2)\" y=\"\(last.y - side / 2)\" width=\"\(side)\" height=\"\(side)\" fill=\"none\" "
                + "stroke=\"#56b4e9\" stroke-width=\"3\"/>\n"
        }
        return copy
    }

    /// With shares of a grid of places, each the more opaque the more was looked at it.
    package func adding(shares: [Float], grid: (rows: Int, columns: Int)) -> ScenePicture {
        var copy = self
        copy.marks += lookMarks(
            shares, grid: grid, width: scene.width * Self.scale, height: scene.height * Self.scale)
        return copy
    }

    /// The drawing.
    package var svg: String {
        let (width, height) = (scene.width * Self.scale, scene.height * Self.scale)
        var text =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\">\n"
            + "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#000\"/>\n"
        for (place, light) in scene.pixels.enumerated() where light > 0.05 {
            let level = Int(light * 255)
            text +=
                "<rect x=\"\(place % scene.width * Self.scale)\" y=\"\(place / scene.width * Self.scale)\" width=\"\(Self.scale)\" "
                + "height=\"\(Self.scale)\" fill=\"rgb(\(level),\(level),\(level))\"/>\n"
        }
        return text + marks + "</svg>\n"
    }
}
