/// Writes a map as one page that needs nothing else: no network, no library, no second file.
///
/// The page shows the words of both sides with lines between them, and the matrix. Pointing at a word, or moving to it
/// with the keyboard, lights up its links on both; a click or Enter holds them. Layer and head can be chosen, or the
/// mean over either. Without scripts the page is a shaded table of `AlignmentMap.View.chosen`. It follows the reader's
/// preference for light or dark, and its content security policy forbids every connection.
public struct HTMLRenderer: Sendable {
    /// A renderer; there is nothing to choose.
    public init() {}

    /// The page, the same bytes for the same map.
    public func render(_ map: AlignmentMap) -> String {
        let isDense = max(map.source.count, map.target.count) > 24
        let title = map.name.isEmpty ? "Alignment" : map.name.escapedMarkup
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>
            \(pageStyle)
            </style>
            </head>
            <body>
            <header>
            <h1>\(title)</h1>
            <form id="heads" hidden>
            \(choice("layer", names: map.layerNames, count: map.layerCount, chosen: map.chosen?.layer))
            \(choice("head", names: map.headNames, count: map.headCount, chosen: map.chosen?.head))
            </form>
            <p id="status" role="status" hidden>Point at a word, or move between words with the arrow keys.</p>
            </header>
            <main\(isDense ? " class=\"dense\"" : "")>
            <section id="links" aria-label="Links between words" hidden>
            \(words("source", map.source))
            <svg aria-hidden="true"></svg>
            \(words("target", map.target))
            </section>
            <section id="matrix">
            \(table(map.chosenMatrix))
            </section>
            </main>
            <script type="application/json" id="map">
            \(JSONRenderer().render(map))</script>
            <script type="module">
            \(pageScript)
            </script>
            </body>
            </html>

            """
    }

    private var policy: String {
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    }

    /// A menu of layers or heads, counted from 1 as all that people read is; nothing where there is only one.
    private func choice(_ kind: String, names: [String]?, count: Int, chosen: Int?) -> String {
        guard count > 1 else { return "<input type=\"hidden\" id=\"\(kind)\" value=\"0\">" }
        let options = (0..<count).map { index in
            let mark = index == chosen ? " selected" : ""
            return "<option value=\"\(index)\"\(mark)>\(names?[index].escapedMarkup ?? String(index + 1))</option>"
        }
        let mean = "<option value=\"mean\"\(chosen == nil ? " selected" : "")>mean of all</option>"
        return "<label>\(kind.capitalized) <select id=\"\(kind)\">\((options + [mean]).joined())</select></label>"
    }

    /// The words of one side, from top to bottom.
    private func words(_ side: String, _ words: [String]) -> String {
        let items = words.map { "<li><button type=\"button\" dir=\"auto\">\($0.escapedMarkup)</button></li>" }
        return "<ol class=\"\(side)\" aria-label=\"\(side.capitalized) words\">\n"
            + items.joined(separator: "\n") + "\n</ol>"
    }

    /// The matrix, a cell's shade being its share of the greatest weight.
    private func table(_ matrix: AlignmentMatrix) -> String {
        let columns = matrix.source.map { $0.visible.fitted(to: 28, ellipsis: "…") }
        let fullShade = ShadeScale.greatest.fullShade(of: matrix)
        let height = 16 + 0.77 * (columns.map(SVGDocument.textWidth).max() ?? 0)
        let overhangs = columns.reversed().enumerated().map { column, label in
            0.65 * SVGDocument.textWidth(label) - 20 * Double(column)
        }
        let overhang = 12 + overhangs.reduce(0, max)

        let head = columns.map { "<th scope=\"col\"><span><bdi>\($0.escapedMarkup)</bdi></span></th>" }.joined()
        let rows = zip(matrix.target, matrix.weights).map { target, weights in
            let label = target.visible.fitted(to: 28, ellipsis: "…").escapedMarkup
            let cells = zip(matrix.source, weights).map { source, weight in
                "<td style=\"--shade:\(Double(weight / fullShade).decimals(3))\" title=\""
                    + "\(source.escapedMarkup) → \(target.escapedMarkup): \(Double(weight).decimals(3))\"></td>"
            }
            return "<tr><th scope=\"row\"><bdi>\(label)</bdi></th>\(cells.joined())</tr>"
        }
        return """
            <table style="--head:\(height.text)px;--overhang:\(overhang.text)px">
            <thead><tr><td></td>\(head)</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            <p class="legend">0 <i style="--shade:0"></i><i style="--shade:.25"></i><i style="--shade:.5"></i>\
            <i style="--shade:.75"></i><i style="--shade:1"></i> <b>\(Double(fullShade).significantDigits(3))</b></p>
            """
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
