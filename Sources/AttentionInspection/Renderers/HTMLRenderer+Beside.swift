import CAttentionInspector

extension HTMLRenderer {
    /// Two traces side by side, such as those of two texts or of two models: the page of each in a frame of its own, so that what is chosen,
    /// pinned or pointed at in one is in the other, where the same layers, heads and pieces are. The address remembers both views.
    ///
    /// The frames are made by the page itself, from what stands in it; nothing is fetched.
    public func render(_ first: ModelTrace, beside second: ModelTrace) -> String {
        let traces = [first, second]
        let title =
            first.markedUpTitle == second.markedUpTitle
            ? first.markedUpTitle : "\(first.markedUpTitle) | \(second.markedUpTitle)"
        return document(
            titled: title,
            body: """
                <body class="pair">
                <header>
                <h1>\(title)</h1>
                <form id="pairing" autocomplete="off" hidden><label><input type="checkbox" name="linked" checked> one view for both</label></form>
                </header>
                <main>
                \(traces.map { "<div>\(stillTable(of: $0))</div>" }.joined(separator: "\n"))
                </main>
                \(zip(traces, ["left", "right"]).map(template).joined(separator: "\n"))
                <script type="text/plain" id="inspector">
                \(attn_inspector_script().string)</script>
                <script type="module">
                \(attn_inspector_pair_script().string)</script>
                </body>
                """)
    }

    /// What the frame of a side holds; its text stands above, since two models may have one name, and one model two texts.
    private func template(_ trace: ModelTrace, _ side: String) -> String {
        let text = trace.sequences[0].text
        let panel = panel(
            of: trace, text.isEmpty ? [] : [text], data: PageData(trace),
            weights: trace.attention.map { ($0.kind, $0.weights) })
        return "<template data-title=\"\(side): \(trace.markedUpTitle)\">\n\(panel)\n</template>"
    }
}
