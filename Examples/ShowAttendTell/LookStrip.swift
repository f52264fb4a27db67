import SharedPictures

/// A picture once for each word that was told of it, and over it where the teller looked then, as SVG.
package struct LookStrip: Sendable {
    private let picture: CaptionedPicture
    private let words: [String]
    private let looks: [[Float]]
    private let grid: (rows: Int, columns: Int)
    /// How many units of the drawing a picture has.
    private static let side = 128
    private static let gap = 12
    private static let lineHeight = 24

    /// The strip of a telling, its end last.
    package init(_ picture: CaptionedPicture, words: [String], looks: [[Float]], grid: (rows: Int, columns: Int)) {
        (self.picture, self.looks, self.grid) = (picture, looks, grid)
        self.words = words + (looks.count > words.count ? ["end"] : [])
    }

    /// The drawing.
    package var svg: String {
        let step = Self.side + Self.gap
        let (width, height) = (max(1, looks.count) * step - Self.gap, Self.side + Self.lineHeight)
        var text =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\">\n"
            + "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>\n<defs><g id=\"picture\">\n\(pixels)</g></defs>\n"
        for (index, (word, look)) in zip(words, looks).enumerated() {
            text +=
                "<g transform=\"translate(\(index * step) 0)\"><use href=\"#picture\"/>\n"
                + lookMarks(look, grid: grid, width: Self.side, height: Self.side)
                + "<text x=\"\(Self.side / 2)\" y=\"\(height - 7)\" text-anchor=\"middle\" "
                + "font-family=\"sans-serif\" font-size=\"15\">\(Self.escaped(word))</text></g>\n"
        }
        return text + "</svg>\n"
    }

    /// The picture, neighbours of one colour in one piece.
    private var pixels: String {
        let scale = "\(Float(Self.side) / Float(picture.width)) \(Float(Self.side) / Float(picture.height))"
        var text = "<g transform=\"scale(\(scale))\" shape-rendering=\"crispEdges\">\n"
        for row in 0..<picture.height {
            var column = 0
            while column < picture.width {
                let colour = colour(row, column)
                let end = (column..<picture.width).first { self.colour(row, $0) != colour } ?? picture.width
                text +=
                    "<rect x=\"\(column)\" y=\"\(row)\" width=\"\(end - column)\" height=\"1\" fill=\"rgb(\(colour))\"/>\n"
                column = end
            }
        }
        return text + "</g>\n"
    }

    /// Red, green and blue of a pixel; a picture of one channel is grey.
    private func colour(_ row: Int, _ column: Int) -> String {
        (0..<3).map { channel in
            let place = (min(channel, picture.channelCount - 1) * picture.height + row) * picture.width + column
            return "\(Int((picture.pixels[place] * 255).rounded()))"
        }.joined(separator: ",")
    }

    private static func escaped(_ word: String) -> String {
        word.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    }
}
