import AttentionInspection
import Testing

@Suite struct BoxRendererTests {
    @Test func theDocumentHoldsPictureAndNames() {
        let renderer = BoxRenderer(png: [1, 2, 3, 250], width: 40, height: 60)
        let text = renderer.svg([
            BoxRenderer.Box(label: "a <cat>", left: 5, top: 30, right: 25.26, bottom: 50, color: [217, 5, 30]),
            BoxRenderer.Box(label: "dog", left: -9, top: 2, right: 900, bottom: .nan, color: [0, 0, 0]),
        ])
        #expect(text.contains(#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="60""#))
        #expect(text.contains(#"aria-label="a &lt;cat&gt;, dog""#))
        #expect(text.contains(#"href="data:image/png;base64,AQID+g==""#))
        #expect(text.contains(##"<rect x="5" y="30" width="20.3" height="20" stroke="#d9051e"/>"##))
        // What lies beyond the picture is not drawn; a name stands in the frame where there is no room above it.
        #expect(text.contains(##"<rect x="0" y="2" width="40" height="-2" stroke="#000000"/>"##) == false)
        #expect(text.contains(##"<rect class="name" x="0" y="2""##))
        #expect(text.hasSuffix("</svg>\n"))
    }

    @Test func lettersForAnyNumberOfBytes() {
        for (bytes, letters) in [([], ""), ([77], "TQ=="), ([77, 97], "TWE="), ([77, 97, 110], "TWFu")]
            as [([UInt8], String)]
        {
            #expect(BoxRenderer(png: bytes, width: 1, height: 1).svg([]).contains("base64,\(letters)\""))
        }
    }
}
