/// A picture as PDF holds it: the compressed lines of a PNG file are what PDF reads, too, filters and all.
///
/// *Source:* ISO 32000-1, *PDF 1.7*, sections 7.4.4.4 (predictors) and 8.9.5 (image dictionaries); PNG, sections 5.3 and 11.2.
struct PDFImage {
    /// The object of a document, numbers and bytes as text.
    let object: String

    /// - Throws: `FigureError.picture` for what PDF reads otherwise: palettes, transparency, interlacing, and what is no PNG file but for its beginning.
    init(_ picture: TracedPicture) throws(FigureError) {
        let png = picture.png
        guard png.count >= 33 else { throw .picture("\(png.count) bytes") }
        let (bits, colour, interlacing) = (png[24], png[25], png[28])
        let isGrey = colour == 0 && [1, 2, 4, 8, 16].contains(bits)
        guard isGrey || colour == 2 && [8, 16].contains(bits), interlacing == 0 else {
            throw .picture("colour type \(colour) of \(bits) bits, interlacing \(interlacing)")
        }
        let chunks = Self.chunks(of: png)
        let lines = chunks.filter { $0.name == Array("IDAT".utf8) }.flatMap(\.bytes)
        guard !lines.isEmpty, !chunks.contains(where: { $0.name == Array("tRNS".utf8) }) else {
            throw .picture(lines.isEmpty ? "no pixels" : "a transparent colour")
        }
        let parameters =
            "/Predictor 15 /Colors \(isGrey ? 1 : 3) /BitsPerComponent \(bits) /Columns \(picture.width)"
        // As digits, so that a document is text all through.
        let data = lines.hexadecimal + ">"
        object =
            "<< /Type /XObject /Subtype /Image /Width \(picture.width) /Height \(picture.height) "
            + "/ColorSpace /\(isGrey ? "DeviceGray" : "DeviceRGB") /BitsPerComponent \(bits) "
            + "/Filter [/ASCIIHexDecode /FlateDecode] /DecodeParms [null << \(parameters) >>] /Length \(data.utf8.count) >>\n"
            + "stream\n\(data)\nendstream"
    }

    /// The chunks of the file, as far as they are whole.
    private static func chunks(of png: [UInt8]) -> [(name: [UInt8], bytes: ArraySlice<UInt8>)] {
        var (found, place): ([(name: [UInt8], bytes: ArraySlice<UInt8>)], Int) = ([], 8)
        // A length, a name, the bytes, and a check of them.
        while png.count - place >= 12 {
            let count = png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard count <= png.count - place - 12 else { break }
            found.append((Array(png[place + 4..<place + 8]), png[place + 8..<place + 8 + count]))
            place += 12 + count
        }
        return found
    }
}
