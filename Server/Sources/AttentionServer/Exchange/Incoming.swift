import AttentionJSON
import HTTPTypes
import Hummingbird
package import NIOCore

/// A request as its route reads it: all of its body is there, and whoever sent it may ask.
struct Incoming: Sendable {
    let head: HTTPRequest
    /// What stands for the parameter of the path; nil if it has none.
    let parameter: String?
    let body: ByteBuffer
    let notes: RequestNotes
    let limits: ServerLimits

    /// The members of the body in JSON.
    func fields() throws(RouteError) -> RequestFields { try RequestFields(json: body) }

    /// The members of the body, in JSON or as an HTML form sends them.
    func fieldsOrForm() throws(RouteError) -> RequestFields {
        let type = head.headerFields[.contentType] ?? ""
        guard type.hasPrefix("application/x-www-form-urlencoded") else { return try fields() }
        return try RequestFields(form: body)
    }

    /// Refuses more texts than are taken at once, and none at all.
    func check(count: Int, of parameter: String) throws(RouteError) {
        guard count > 0 else {
            throw RouteError(.empty, "expected at least one text, found none", parameter: parameter)
        }
        guard count <= limits.texts else {
            throw RouteError(
                .tooLong, "expected at most \(limits.texts) texts in a request, found \(count); send several",
                parameter: parameter)
        }
    }
}

extension RequestFields {
    /// The members of an HTML form: `q=Hello+world&source=en`.
    /// - Throws: `RouteError` if the body is no text.
    package init(form body: ByteBuffer) throws(RouteError) {
        guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw RouteError(.malformed, "expected a form in UTF-8 as the body, found other bytes")
        }
        var members: [String: JSONValue] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                throw RouteError(.malformed, "expected a form in UTF-8 as the body, found other bytes")
            }
            members[name] = .string(value)
        }
        self.init(members)
    }

    /// A name or value of a form, in which a plus is a space and `%` stands before two hexadecimal digits; nil if it is no text.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2
                else { return nil }
                bytes.append(code)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
