extension Figure {
    /// The picture as a PDF document of one page, the same bytes for the same picture, in the colours of light paper. Text stays text, in
    /// Helvetica, which every reader of PDF has and which need not be embedded.
    ///
    /// - Throws: `FigureError.letters` for a letter that the standard fonts do not have: they know those of Western Europe alone; `.picture` for a picture
    ///   that PDF cannot hold as it is.
    public func pdf() throws(FigureError) -> [UInt8] {
        var page = PDFPage(height: height)
        let pictures = pictures
        for shape in shapes {
            switch shape {
            case .box(let box): page.fill(box)
            case .link(let link): page.stroke(link)
            case .text(let label): try page.write(label)
            case .picture(let picture): page.draw(picture, number: pictures.firstIndex(where: picture.isLike) ?? 0)
            }
        }
        var images: [PDFImage] = []
        for picture in pictures { images.append(try PDFImage(picture.source)) }
        return page.document(width: width, title: title, images: images)
    }
}

/// A picture that a medium cannot show.
public enum FigureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A letter that the standard fonts of PDF do not have.
    case letters(Character)
    /// A picture that PDF cannot hold as it is.
    case picture(String)
    /// No library that makes pixels of it, by these names.
    case noRenderer(tried: [String])
    /// The library refuses it.
    case unrendered(String)

    /// The sentence.
    public var description: String {
        switch self {
        case .letters(let letter):
            "PDF: expected letters of Western Europe, which the standard fonts have, found \(letter); write .svg instead, "
                + "which any browser prints"
        case .picture(let found):
            "PDF: expected a picture in grey or in red, green and blue, neither interlaced nor transparent, found \(found); write .svg instead, "
                + "which holds any PNG file"
        case .noRenderer(let tried):
            "PNG: expected librsvg to load, found none: tried \(tried.joined(separator: ", ")); install librsvg2-2 (Debian) or librsvg2 (Fedora), "
                + "or name the library in ATTENTION_RSVG; .svg and .pdf need none"
        case .unrendered(let reason): "PNG: expected librsvg to draw the figure, but \(reason)"
        }
    }
}

/// What is drawn on a page, in the order of drawing. Places are turned around: PDF counts from the lower left corner.
private struct PDFPage {
    private let height: Double
    private var content = ""
    /// The shades used, in hundredths.
    private var shades: Set<Int> = []

    init(height: Double) { self.height = height }

    private mutating func shade(_ opacity: Double) -> String {
        let step = Int((min(1, max(0, opacity)) * 100).rounded())
        shades.insert(step)
        return "/G\(step) gs"
    }

    mutating func fill(_ box: Figure.Box) {
        let place = "\(box.x.text) \((height - box.y - box.height).text) \(box.width.text) \(box.height.text) re"
        guard box.role != .frame else {
            content += "q \(box.role.colour) RG 2 w \(place) S Q\n"
            return
        }
        content += "q \(shade(box.opacity ?? 1)) \(box.role.colour) rg \(place) f Q\n"
        if box.role == .cell { content += "q 1 1 1 RG 1 w \(place) S Q\n" }
    }

    /// A picture fills a square of one by one, which is drawn out to its place.
    mutating func draw(_ picture: Figure.Picture, number: Int) {
        let place = "\(picture.x.text) \((height - picture.y - picture.height).text)"
        content +=
            "q \(shade(Figure.Picture.opacity)) \(picture.width.text) 0 0 \(picture.height.text) \(place) cm /P\(number) Do Q\n"
    }

    mutating func stroke(_ link: Figure.Link) {
        let (first, second) = Figure.controls(of: link)
        func place(_ point: (x: Double, y: Double)) -> String { "\(point.x.text) \((height - point.y).text)" }
        content +=
            "q \(shade(link.opacity)) \(link.role.colour) RG 2.5 w 1 J \(place(link.from)) m \(place(first)) "
            + "\(place(second)) \(place(link.to)) c S Q\n"
    }

    mutating func write(_ label: Figure.Label) throws(FigureError) {
        let isTitle = label.role == .title
        let size: Double = isTitle ? 16 : 13
        var (codes, width): ([UInt8], Double) = ([], 0)
        for character in label.text {
            guard let code = Helvetica.code(of: character) else { throw .letters(character) }
            codes.append(UInt8(code))
            width += Helvetica.width(of: code) * size
        }
        let x =
            switch label.role {
            case .row: label.x - width
            case .middle: label.x - width / 2
            default: label.x
            }
        let y = height - label.y - (label.isCentred ? 0.35 * size : 0)
        // cos and sin of 50°.
        let turn = label.isSlanted ? "0.6428 0.766 -0.766 0.6428" : "1 0 0 1"
        content += "q 0.137 0.149 0.184 rg BT /\(isTitle ? "F2" : "F1") \(size.text) Tf \(turn) \(x.text) \(y.text) Tm "
        content += "<\(codes.hexadecimal)> Tj ET Q\n"
    }

    func document(width: Double, title: String, images: [PDFImage]) -> [UInt8] {
        let states = shades.sorted().map { step in
            let share = (Double(step) / 100).decimals(2)
            return "/G\(step) << /ca \(share) /CA \(share) >>"
        }
        let font = "/Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont"
        // UTF-16 with its mark, as PDF writes titles in any language.
        let units: [UInt16] = [0xFEFF] + title.utf16
        let name = units.flatMap { unit in [UInt8(unit >> 8), UInt8(unit & 0xFF)] }.hexadecimal
        // They stand behind all others.
        let names = images.indices.map { "/P\($0) \($0 + 8) 0 R" }.joined(separator: " ")
        let pictures = images.isEmpty ? "" : "/XObject << \(names) >> "
        let own = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(width.text) \(height.text)] /Contents 4 0 R /Resources << "
                + "/Font << /F1 5 0 R /F2 6 0 R >> /ExtGState << \(states.joined(separator: " ")) >> \(pictures)>> >>",
            "<< /Length \(content.utf8.count) >>\nstream\n\(content)endstream",
            "<< \(font) /Helvetica >>", "<< \(font) /Helvetica-Bold >>", "<< /Title <\(name)> >>",
        ]
        let objects = own + images.map(\.object)
        var text = "%PDF-1.7\n"
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let table = places.map { place in
            let digits = String(place)
            return String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n\(table.joined())"
        text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R /Info 7 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }
}

extension Figure.Role {
    /// Red, green and blue, each from 0 to 1: those of the light style sheet.
    fileprivate var colour: String {
        let series = [
            "0.239 0.208 0.659", "0.851 0.329 0.118", "0 0.529 0.416", "0.722 0.282 0.549", "0.659 0.471 0",
            "0.184 0.561 0.769",
        ]
        return switch self {
        case .panel: "0.945 0.949 0.969"
        case .series(let place): series[place % series.count]
        case .cell, .heat: series[0]
        case .frame: series[1]
        case .row, .plain, .middle, .title: "0.137 0.149 0.184"
        }
    }
}
