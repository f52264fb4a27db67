import AttentionInspection
import FoundationEssentials
import Testing

/// The picture in a trace: what of a file is read, coded as it is, refused where places and pieces do not fit.
@Suite struct TracedPictureTests {
    /// The beginning of a PNG file of this size, and some bytes behind it.
    private static func png(width: Int, height: Int, more: Int = 9) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let rest = (0..<more).map { UInt8(250 - 3 * $0) }
        return [mark, word(13), Array("IHDR".utf8), word(width), word(height), rest].flatMap(\.self)
    }

    /// Seven pieces, the last six of which are places.
    private static func trace(_ picture: TracedPicture) throws -> ModelTrace {
        try ModelTrace(
            name: "toy",
            sequences: [try TracedSequence(name: "text", pieces: "abcdefg".map(String.init), picture: picture)],
            attention: [
                TracedAttention(
                    kind: .encoder, queries: 0, keys: 0, layers: [0], heads: [0],
                    weights: [Float](repeating: 1 / 7, count: 49))
            ])
    }

    @Test func itsSizeStandsInTheFile() throws {
        let picture = try TracedPicture(png: Self.png(width: 300, height: 7), rowCount: 3, columnCount: 2)
        #expect(picture.width == 300 && picture.height == 7 && picture.placeCount == 6)
        #expect(picture.rowOrder == .downwards)
    }

    /// However many bytes are left for the last three.
    @Test(arguments: [9, 10, 11]) func theHeaderHoldsIt(more: Int) throws {
        let picture = try TracedPicture(
            png: Self.png(width: 4, height: 6, more: more), rowCount: 3, columnCount: 2, rowOrder: .upwards)
        let trace = try Self.trace(picture)
        let data = try JSONEncoder().encode(trace.header)
        let header = try JSONDecoder().decode(ModelTrace.Header.self, from: data)
        #expect(header == trace.header)
        #expect(try ModelTrace(header, weights: trace.attention.map(\.weights)) == trace)
        let page = HTMLRenderer().render(trace)
        #expect(
            page.contains(
                """
                "picture":{"png":"\(Data(picture.png).base64EncodedString())","width":4,"height":6,"rows":3,"columns":2,\
                "order":"upwards","seconds":null}
                """))
    }

    @Test func aSoundLasts() throws {
        func picture(_ seconds: Double) throws -> TracedPicture {
            try TracedPicture(
                png: Self.png(width: 4, height: 6), rowCount: 3, columnCount: 2, rowOrder: .upwards, seconds: seconds)
        }
        let trace = try Self.trace(try picture(1.5))
        let header = try JSONDecoder().decode(
            ModelTrace.Header.self, from: try JSONEncoder().encode(trace.header))
        #expect(try ModelTrace(header, weights: trace.attention.map(\.weights)) == trace)
        #expect(HTMLRenderer().render(trace).contains("\"order\":\"upwards\",\"seconds\":1.5}"))
        for seconds: Double in [0, -1, .infinity, .nan] {
            let error = #expect(throws: TraceError.self) { try picture(seconds) }
            #expect(
                error?.description == "trace: expected the seconds of the picture above 0 and finite, found \(seconds)")
        }
    }

    @Test func headersThatDoNotFitAreRefused() throws {
        let trace = try Self.trace(
            try TracedPicture(png: Self.png(width: 4, height: 6), rowCount: 3, columnCount: 2))
        let text = String(decoding: try JSONEncoder().encode(trace.header), as: UTF8.self)
        func refusal(_ old: String, _ new: String) throws -> String? {
            let other = text.replacing(old, with: new)
            #expect(other != text)
            let header = try JSONDecoder().decode(ModelTrace.Header.self, from: Data(other.utf8))
            let error = #expect(throws: TraceError.self) {
                try ModelTrace(header, weights: trace.attention.map(\.weights))
            }
            return error?.description
        }
        #expect(
            try refusal("\"rows\":3", "\"rows\":4")
                == "trace: expected the places of the picture of text at most 7, a piece for each, found 4 by 2")
        for rows in ["0", "-1", "4611686018427387905"] {
            #expect(
                try refusal("\"rows\":3", "\"rows\":\(rows)")
                    == "trace: expected the places of the picture at least one row and one column, found \(rows) by 2")
        }
        // The first characters of every PNG file.
        #expect(try refusal("iVBORw0KGgo", "aVBORw0KGgo")?.contains("picture a PNG file") == true)
        #expect(
            try refusal("iVBORw0KGgo", "iVBORw0KGg*") == "trace: expected the picture in base64, found other text")
        #expect(try refusal("iVBORw0KGgo", "iVBORw0KGg") == "trace: expected the picture in base64, found other text")
    }

    @Test func whatIsNoSmallPictureIsRefused() {
        func refusal(_ png: [UInt8]) -> String? {
            let error = #expect(throws: TraceError.self) { try TracedPicture(png: png, rowCount: 1, columnCount: 1) }
            return error?.description
        }
        #expect(refusal([]) == "trace: expected the picture a PNG file, found 0 bytes of another")
        #expect(refusal(Array(Self.png(width: 4, height: 6).prefix(24)))?.contains("a PNG file") == true)
        #expect(
            refusal(Self.png(width: 1025, height: 2))
                == "trace: expected the picture of 1 to 1024 pixels a side, found 1025 by 2")
        #expect(refusal(Self.png(width: 0, height: 2)) != nil && refusal(Self.png(width: 1, height: 1 << 31)) != nil)
    }
}
