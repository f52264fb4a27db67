package import Attention
import Foundation

/// A photograph as SVG, and on it one thing that was found and where the network looked for it.
package struct LookPicture: Sendable {
    private let image: Image
    private let object: DetectedObject
    /// How much each place counts, row by row.
    private let shares: [Float]
    private let columnCount: Int
    /// How many units of the drawing a pixel has.
    private static let scale = 5.0

    /// - Parameters:
    ///   - shares: how much each place of a grid was looked at, row by row.
    ///   - columnCount: the columns of the grid.
    package init(_ image: Image, _ object: DetectedObject, shares: [Float], columnCount: Int) {
        (self.image, self.object, self.shares, self.columnCount) = (image, object, shares, max(1, columnCount))
    }

    /// The drawing, which needs no other file: the more a place was looked at, the more opaque it is.
    package var svg: String {
        let (width, height) = (Double(image.width) * Self.scale, Double(image.height) * Self.scale)
        let png = Data(PNG.bytes(of: image)).base64EncodedString()
        var text =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\">\n"
            + "<image width=\"\(width)\" height=\"\(height)\" href=\"data:image/png;base64,\(png)\"/>\n"
        let rowCount = max(1, shares.count / columnCount)
        let (across, down) = (width / Double(columnCount), height / Double(rowCount))
        let most = max(shares.max() ?? 0, .leastNormalMagnitude)
        for (place, share) in shares.enumerated() where share > most / 20 {
            let opacity = Float(Int(share / most * 70)) / 100
            text +=
                "<rect x=\"\(Double(place % columnCount) * across)\" y=\"\(Double(place / columnCount) * down)\" width=\"\(across)\" "
                + "height=\"\(down)\" fill=\"#e69f00\" fill-opacity=\"\(opacity)\"/>\n"
        }
        let box = object.box
        let (left, top) = (Double(box.left) * Self.scale, Double(box.top) * Self.scale)
        text +=
            "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(Double(box.right - box.left) * Self.scale)\" "
            + "height=\"\(Double(box.bottom - box.top) * Self.scale)\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"3\"/>\n"
        return text + "</svg>\n"
    }
}
