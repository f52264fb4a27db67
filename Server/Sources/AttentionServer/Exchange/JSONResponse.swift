package import AttentionJSON
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// An answer in JSON.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        var response = text(JSONWriter.write(value, as: .compact), type: "application/json")
        response.status = status
        return response
    }

    /// An answer of these bytes.
    static func text(_ bytes: [UInt8], type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }

    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue {
    static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
    static func number(_ value: Float) -> JSONValue { .number(JSONNumber.float(value)) }
    static func number(_ value: Double) -> JSONValue { .number(JSONNumber.double(value)) }
    static func numbers(_ values: some Sequence<Float>) -> JSONValue { .array(values.map { .number(.float($0)) }) }

    /// A member of an object; nil if there is none.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}
