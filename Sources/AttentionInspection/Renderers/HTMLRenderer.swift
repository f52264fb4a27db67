import CAttentionInspector

/// Writes a trace as one page that needs nothing else: no network, no library, no second file.
///
/// The page shows what looks and what is looked at with lines between them, a colour for each head; the matrix; and all heads at once. Pointing
/// at a token, or moving to it with the keyboard, isolates its lines; a click or Enter pins it. Its address remembers the view. Without scripts
/// the page is a shaded table. It follows the reader's preference for light or dark, and its content security policy forbids every connection.
///
/// Script and style sheet lie in `Sources/CAttentionInspector/page` and are compiled into the program.
public struct HTMLRenderer: Sendable {
    /// A renderer; there is nothing to choose.
    public init() {}

    /// The page, the same bytes for the same trace.
    /// - Parameters:
    ///   - notes: what stands above the picture, a paragraph each.
    ///   - reasons: why some heads look from one piece to another, shown where that pair is.
    ///   - map: what heads are like over many texts, of which the trace is one; unless given, the page tells it of the trace.
    public func render(
        _ trace: ModelTrace, notes: [String] = [], reasons: [ScoreParts] = [], map: HeadMap? = nil
    ) -> String {
        page(
            of: trace, notes, data: PageData(trace, reasons, map: map),
            weights: trace.attention.map { ($0.kind, $0.weights) })
    }

    /// The page of a replay: the same, with a slider through its moments.
    public func render(_ replay: TraceReplay, notes: [String] = []) -> String {
        let last = replay.traces[replay.traces.count - 1]
        let weights = last.attention.indices.map { part in
            (last.attention[part].kind, replay.traces.flatMap { $0.attention[part].weights })
        }
        return page(of: last, notes, data: PageData(last, of: replay), weights: weights)
    }

    /// A page of one figure, which needs no script.
    public func render(_ figure: Figure) -> String {
        document(
            titled: figure.title.isEmpty ? "Attention" : figure.title.escapedMarkup,
            body: "<body>\n<main>\n\(figure.svg)</main>\n</body>")
    }

    private func page(
        of trace: ModelTrace, _ notes: [String], data: PageData, weights: [(kind: TracedAttention.Kind, [Float])]
    ) -> String {
        document(
            titled: trace.markedUpTitle,
            body: """
                <body>
                \(panel(of: trace, notes, data: data, weights: weights, still: stillTable(of: trace)))
                <script type="module">
                \(attn_inspector_script().string)</script>
                </body>
                """)
    }

    /// A document around what it shows.
    func document(titled title: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <style>
        \(attn_inspector_style().string)</style>
        </head>
        \(body)
        </html>

        """
    }

    /// What the script works on.
    func panel(
        of trace: ModelTrace, _ notes: [String], data: PageData, weights: [(kind: TracedAttention.Kind, [Float])],
        still: String = ""
    ) -> String {
        """
        <header>
        <h1>\(trace.markedUpTitle)</h1>
        \((notes + trace.omissions).map { "<p class=\"note\">\($0.escapedMarkup)</p>\n" }.joined())\(controls)
        </header>
        \(panes)
        \(still)
        <script type="application/json" id="trace">
        \(data.json)</script>
        \(weights.map(numbers).joined(separator: "\n"))
        """
    }

    private var policy: String {
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
            + "form-action 'none'"
    }

    private var controls: String {
        """
        <form id="controls" autocomplete="off" hidden>
        <label>Attention <select name="kind"></select></label>
        <label>Layer <select name="layer"></select></label>
        <fieldset aria-label="Heads">Heads <div id="heads"></div><button type="button" id="all-heads">all</button></fieldset>
        <fieldset aria-label="View">
        <label><input type="radio" name="view" value="links" checked>lines</label>
        <label><input type="radio" name="view" value="matrix">matrix</label>
        <label><input type="radio" name="view" value="grid">all heads</label>
        <label><input type="radio" name="view" value="map">map</label>
        <label><input type="radio" name="view" value="arcs">arcs</label>
        <label><input type="radio" name="view" value="segments">segments</label>
        <label><input type="radio" name="view" value="picture">picture</label>
        </fieldset>
        <label>Pairs <select name="segments"></select></label>
        <label><input type="checkbox" name="words"> words</label>
        <label><input type="checkbox" name="special"> special tokens</label>
        <label>Step <input type="range" name="step" min="0" value="0"> <span id="step-text"></span></label>
        <label>Update <input type="range" name="moment" min="0" value="0"> <span id="moment-text"></span></label>
        <button type="button" id="play" aria-pressed="false">▶ Play</button>
        <label>Find <input type="search" name="find"></label>
        <fieldset aria-label="Save"><button type="button" id="save-svg">SVG</button><button type="button" id="save-png">PNG</button></fieldset>
        <button type="button" id="tour-open">Tour</button>
        </form>
        <p id="status" role="status" hidden>Point at a word, or move between words with the arrow keys; a click pins it, Escape lets go.</p>
        <p id="written" dir="auto" hidden></p>
        """
    }

    private var panes: String {
        func pager(_ side: String) -> String {
            """
            <div class="pager \(side)" data-side="\(side)" hidden><button type="button" data-page="-1" aria-label="Earlier">◀</button>\
            <span></span><button type="button" data-page="1" aria-label="Later">▶</button></div>
            """
        }
        return """
            <main hidden>
            <table id="beam" hidden></table>
            <section id="links" aria-label="Lines between tokens">
            <div><h2 class="query">looks</h2>\(pager("query"))</div><span></span><div><h2>is looked at</h2>\(pager("key"))</div>
            <ol class="query" aria-label="What looks"></ol>
            <svg aria-hidden="true"><g class="base"></g><g class="front"></g></svg>
            <ol class="key" aria-label="What is looked at"></ol>
            </section>
            <section id="matrix" aria-label="Matrix" hidden>
            <div class="zoom"><button type="button" data-zoom="0.5" aria-label="Zoom in">+</button>\
            <button type="button" data-zoom="2" aria-label="Zoom out">−</button>\
            <button type="button" data-zoom="all">whole</button><span class="area"></span></div>
            <div class="sheet"><canvas role="img"></canvas><canvas tabindex="0" aria-label="Cells of the matrix: move with the arrow keys"></canvas></div>
            <p class="legend">0 <i style="--shade:0"></i><i style="--shade:.25"></i><i style="--shade:.5"></i>\
            <i style="--shade:.75"></i><i style="--shade:1"></i> <b></b></p>
            </section>
            <section id="grid" aria-label="All heads" hidden></section>
            <section id="map" aria-label="Map of all heads" hidden></section>
            <section id="arcs" aria-label="Arcs over the text" hidden></section>
            <section id="segments" aria-label="Segments that are read" hidden></section>
            <section id="picture" aria-label="Weights over the picture" hidden></section>
            <section id="reasons" aria-label="Why this head looks there" hidden></section>
            </main>
            <div id="tour" role="dialog" aria-labelledby="tour-title" aria-describedby="tour-text" tabindex="-1" hidden>
            <div class="card" aria-live="polite"><h2 id="tour-title"></h2><p id="tour-text" dir="auto"></p></div>
            <div class="steps"><button type="button" id="tour-back">◀ Back</button><span id="tour-place"></span>\
            <button type="button" id="tour-next">Next ▶</button><button type="button" id="tour-end">End</button></div>
            </div>
            """
    }

    /// What stands there without scripts; nothing for texts of many tokens.
    func stillTable(of trace: ModelTrace) -> String {
        let kind = (trace.attention.first { $0.chosen != nil } ?? trace.attention.last)?.kind
        guard let kind, let matrix = try? trace.map(of: kind).chosenMatrix,
            max(matrix.source.count, matrix.target.count) <= 24
        else { return "<div class=\"still\"></div>" }
        let fullShade = ShadeScale.greatest.fullShade(of: matrix)
        let head = matrix.source.map { "<th scope=\"col\"><bdi>\($0.escapedMarkup)</bdi></th>" }.joined()
        let rows = zip(matrix.target, matrix.weights).map { target, weights in
            let cells = weights.map { "<td style=\"--shade:\(Double($0 / fullShade).decimals(3))\"></td>" }
            return "<tr><th scope=\"row\"><bdi>\(target.escapedMarkup)</bdi></th>\(cells.joined())</tr>"
        }
        return """
            <div class="still"><table>
            <thead><tr><td></td>\(head)</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }

    /// The numbers of a kind of attention, as float16 in base64.
    private func numbers(of kind: TracedAttention.Kind, _ weights: [Float]) -> String {
        // What is greater than a float16 is shown as the greatest that there is.
        let halves = weights.map { Float16(min($0, 65504)).bitPattern }
        let bytes = halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        return "<script type=\"text/plain\" id=\"weights-\(kind.rawValue)\">\(bytes.base64)</script>"
    }
}

extension ModelTrace {
    /// The title as markup.
    var markedUpTitle: String { name.isEmpty ? "Attention" : name.escapedMarkup }
}

extension attn_text {
    var string: String {
        String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
