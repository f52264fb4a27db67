/// Where somebody looked on a picture, as SVG that is laid over it: shares of a grid of places, each the more opaque the more was looked at it.
/// - Parameters:
///   - shares: row by row; those below a twentieth of the largest are not drawn.
///   - width: of the picture, in units of the drawing.
///   - height: likewise.
package func lookMarks(_ shares: [Float], grid: (rows: Int, columns: Int), width: Int, height: Int) -> String {
    let most = max(shares.max() ?? 0, .leastNormalMagnitude)
    let (across, down) = (width / grid.columns, height / grid.rows)
    var marks = ""
    for (place, share) in shares.enumerated() where share > most / 20 {
        let opacity = Float(Int(share / most * 60)) / 100
        marks +=
            "<rect x=\"\(place % grid.columns * across)\" y=\"\(place / grid.columns * down)\" width=\"\(across)\" height=\"\(down)\" "
            + "fill=\"#e69f00\" fill-opacity=\"\(opacity)\"/>\n"
    }
    return marks
}
