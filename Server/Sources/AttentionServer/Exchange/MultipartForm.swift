package import NIOCore

/// The parts of a form that carries files (RFC 7578): what browsers and clients send as `multipart/form-data`.
package struct MultipartForm: Sendable {
    /// One field.
    package struct Part: Sendable {
        /// What it is called.
        package let name: String
        /// What the file was called; nil if it is no file.
        package let filename: String?
        package let bytes: [UInt8]
    }

    /// In their order.
    package let parts: [Part]

    /// How many parts a form has at most.
    private static let partLimit = 64

    /// The parts of a body.
    /// - Parameter type: the header field `Content-Type`, which says what parts them.
    /// - Throws: `RouteError` if the body is no such form.
    package init(_ body: ByteBuffer, type: String) throws(RouteError) {
        guard type.lowercased().hasPrefix("multipart/form-data"), let boundary = Self.parameter("boundary", of: type),
            1...70 ~= boundary.utf8.count
        else {
            throw RouteError(
                .malformed, "expected multipart/form-data with a boundary as the body, found other content")
        }
        let (bytes, line) = (Array(body.readableBytesView), Array("\r\n".utf8))
        let delimiter = Array("--\(boundary)".utf8)
        let noForm = RouteError(.malformed, "expected a form whose parts end with its boundary, found another body")
        guard let start = bytes.place(of: delimiter, from: 0) else { throw noForm }
        var (parts, place) = ([Part](), start + delimiter.count)
        while !bytes[place...].starts(with: Array("--".utf8)) {
            guard parts.count < Self.partLimit, let head = bytes.place(of: line, from: place),
                let content = bytes.place(of: line + line, from: head),
                let end = bytes.place(of: line + delimiter, from: content + line.count)
            else { throw noForm }
            // A part without header fields ends them at once.
            let fields = head + line.count < content ? Array(bytes[(head + line.count)..<content]) : []
            let first = content + 2 * line.count
            parts.append(try Self.part(fields, Array(bytes[min(first, end)..<end])))
            place = end + line.count + delimiter.count
        }
        self.parts = parts
    }

    /// The part of this name; nil if there is none.
    package subscript(name: String) -> Part? { parts.first { $0.name == name } }

    /// What a field says.
    /// - Throws: `RouteError` if it is no text.
    package func string(_ name: String) throws(RouteError) -> String? {
        guard let part = self[name] else { return nil }
        guard let text = String(validating: part.bytes, as: UTF8.self) else {
            throw .unfit(name, expected: "text", found: "other bytes")
        }
        return text
    }

    private static func part(_ fields: [UInt8], _ bytes: [UInt8]) throws(RouteError) -> Part {
        let lines = String(decoding: fields, as: UTF8.self).split(whereSeparator: \.isNewline)
        let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") }
        guard let disposition, let name = parameter("name", of: String(disposition)) else {
            throw RouteError(.malformed, "expected a name for each part of the form, found a part without")
        }
        return Part(name: name, filename: parameter("filename", of: String(disposition)), bytes: bytes)
    }

    /// `name=value` or `name="value"` behind a semicolon; nil if it is not there.
    private static func parameter(_ name: String, of field: String) -> String? {
        for piece in field.split(separator: ";").dropFirst() {
            let parts = piece.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }).lowercased() == name else { continue }
            let value = parts[1].reversed().drop(while: \.isWhitespace).reversed()
            let quoted = value.count >= 2 && value.first == "\"" && value.last == "\""
            return String(quoted ? value.dropFirst().dropLast() : value[...])
        }
        return nil
    }
}

extension [UInt8] {
    /// Where these bytes stand first from a place on.
    fileprivate func place(of pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        var place = start
        while place <= count - pattern.count {
            guard let next = self[place...].firstIndex(of: first), next <= count - pattern.count else { return nil }
            if self[next..<next + pattern.count].elementsEqual(pattern) { return next }
            place = next + 1
        }
        return nil
    }
}
