import AttentionInspection
import Testing

/// The compressed lines of a PNG file go into PDF as they are.
@Suite struct PDFImageTests {
    private func pdf(_ png: [UInt8]) throws -> String {
        let picture = try TracedPicture(png: png, rowCount: 1, columnCount: 1)
        let trace = try ModelTrace(
            name: "toy",
            sequences: [
                try TracedSequence(name: "source", pieces: ["place"], picture: picture),
                try TracedSequence(name: "target", pieces: ["word", "word"]),
            ],
            attention: [
                TracedAttention(kind: .cross, queries: 1, keys: 0, layers: [0], heads: [0], weights: [1, 0.5])
            ])
        return String(
            decoding: try trace.figure(.overlay, of: .cross, focus: TraceFocus(rows: [0, 1])).pdf(), as: UTF8.self)
    }

    @Test func linesAreKept() throws {
        let grey = try pdf(TestPicture.png(width: 40, height: 60))
        #expect(grey.contains("/XObject << /P0 8 0 R >> "))
        #expect(
            grey.contains(
                """
                8 0 obj
                << /Type /XObject /Subtype /Image /Width 40 /Height 60 /ColorSpace /DeviceGray /BitsPerComponent 8 \
                /Filter [/ASCIIHexDecode /FlateDecode] \
                /DecodeParms [null << /Predictor 15 /Colors 1 /BitsPerComponent 8 /Columns 40 >>] /Length 11 >>
                stream
                7801abcdef>
                endstream
                endobj

                """))
        // Two panels, one picture.
        #expect(grey.split(separator: " cm /P0 Do Q").count == 3 && grey.split(separator: "/Subtype /Image").count == 2)
        #expect(
            try pdf(TestPicture.png(width: 40, height: 60, colour: 2)).contains(
                "/ColorSpace /DeviceRGB /BitsPerComponent 8"))
    }

    @Test func whatPDFReadsOtherwiseIsRefused() {
        func refusal(_ png: [UInt8]) -> String? {
            let error = #expect(throws: FigureError.self) { try pdf(png) }
            return error?.description
        }
        let sentence =
            "PDF: expected a picture in grey or in red, green and blue, neither interlaced nor transparent, found "
        let wayOut = "; write .svg instead, which holds any PNG file"
        let file = TestPicture.png(width: 4, height: 6)
        // A length that leads beyond the end.
        let endless: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF] + Array("IDAT".utf8) + [1, 2, 3, 4]
        let cases: [([UInt8], String)] = [
            (TestPicture.png(width: 4, height: 6, colour: 3), "colour type 3 of 8 bits, interlacing 0"),
            (TestPicture.png(width: 4, height: 6, colour: 6), "colour type 6 of 8 bits, interlacing 0"),
            (TestPicture.png(width: 4, height: 6, interlacing: 1), "colour type 0 of 8 bits, interlacing 1"),
            (TestPicture.png(width: 4, height: 6, more: [("tRNS", [0, 1])]), "a transparent colour"),
            (Array(file.prefix(33)), "no pixels"), (Array(file.prefix(33)) + endless, "no pixels"),
            (Array(file.prefix(30)), "30 bytes"),
        ]
        for (png, found) in cases {
            #expect(refusal(png) == sentence + found + wayOut)
        }
    }
}
