/// Draws alignments as shaded matrices for the terminal: source words across, target words down.
///
///         Where
///         │ is
///         │ │ it
///         │ │ │ ?
///      Où ██░░
///     est   ▓▓░░
///     -il   ▒▒▒▒░░
///       ?       ██
///
/// Words are safe to print whatever they contain: control characters become pictures, words written from right to left
/// are isolated. Sources wider than the terminal continue in further bands below.
public struct TextRenderer: Sendable {
    /// How cells are filled.
    public enum Style: Sendable, Hashable {
        /// ASCII only, for logs: ` `, `.`, `:`, `*`, `#`.
        case plain
        /// Unicode blocks in the colour of the text: ` `, `░`, `▒`, `▓`, `█`.
        case shaded
        /// Background colours, for terminals that have them.
        case colour(ColourDepth)
    }

    /// How cells are filled.
    public let style: Style
    /// Which weight gets the full shade.
    public let scale: ShadeScale
    /// The columns of the terminal.
    public let width: Int

    /// Chooses how pictures look.
    ///
    /// - Parameters:
    ///   - style: how cells are filled.
    ///   - scale: which weight gets the full shade.
    ///   - width: the columns of the terminal. Widths too small for the labels and one cell are exceeded.
    public init(style: Style = .shaded, scale: ShadeScale = .greatest, width: Int = 80) {
        self.style = style
        self.scale = scale
        self.width = width
    }

    /// The picture, every line ended by a newline.
    public func render(_ matrix: AlignmentMatrix) -> String {
        let labels = rowLabels(matrix.target)
        let space = max(2, width - (labels.width + 1))
        let header = TextHeader(matrix.source.map(\.visible), space: space, isPlain: style == .plain)
        let fullShade = scale.fullShade(of: matrix)

        let bands = header.bands.map { columns in
            let heading = header.lines(columns).map { String(repeating: " ", count: labels.width + 1) + $0 }
            let rows = zip(labels.texts, matrix.weights).map { label, weights in
                label + " " + cells(weights[columns].map { min(1, $0 / fullShade) })
            }
            return (heading + rows).map { $0.trimmingTrailingSpaces + "\n" }.joined()
        }
        return bands.joined(separator: "\n")
    }

    /// The panels of a picture, one below the other: a line for each row of places, as many of which are one as the width asks for.
    func render(_ overlay: PictureOverlay) -> String {
        let fullShade = scale.fullShade(ofGreatest: overlay.greatest)
        let panels = overlay.matrix.target.indices.map { panel in
            let tiles = overlay.tiles(ofPanel: panel, down: overlay.picture.rowCount, across: width / 2)
            let rows = tiles.map { cells($0.map { min(1, $0.weight / fullShade) }).trimmingTrailingSpaces }
            let name = overlay.matrix.target[panel].visible.isolated
            return (["", name] + rows + overlay.remarks(onPanel: panel)).joined(separator: "\n") + "\n"
        }
        return panels.joined() + "\na full shade is \(Double(fullShade).significantDigits(3))\n"
    }

    /// The target words, cut to a third of the width and aligned to the right.
    private func rowLabels(_ words: [String]) -> (texts: [String], width: Int) {
        let limit = max(8, width / 3)
        let texts = words.map { $0.visible.fitted(to: limit, ellipsis: style == .plain ? "~" : "…") }
        let labelWidth = texts.map(\.displayWidth).max() ?? 0
        return (texts.map { String(repeating: " ", count: labelWidth - $0.displayWidth) + $0.isolated }, labelWidth)
    }

    /// Two columns for each shade from 0 to 1, so that cells look square.
    private func cells(_ shades: [Float]) -> String {
        switch style {
        case .plain: shades.map { String(repeating: step($0, of: " .:*#"), count: 2) }.joined()
        case .shaded: shades.map { String(repeating: step($0, of: " ░▒▓█"), count: 2) }.joined()
        case .colour(let depth): painted(shades, depth)
        }
    }

    private func step(_ shade: Float, of steps: String) -> Character {
        let steps = Array(steps)
        return steps[Int((shade * Float(steps.count - 1)).rounded())]
    }

    /// Cells as spaces on coloured ground; neighbours of one colour share its escape sequence.
    private func painted(_ shades: [Float], _ depth: ColourDepth) -> String {
        var line = ""
        var current = ""
        for shade in shades {
            let colour = depth.background(shade)
            if colour != current { line += "\u{1B}[\(colour)m" }
            current = colour
            line += "  "
        }
        return shades.isEmpty ? "" : line + "\u{1B}[0m"
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
    }
}
