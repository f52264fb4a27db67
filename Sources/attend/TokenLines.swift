import Attention
import AttentionFiles

/// A line of input that is not what it should be.
struct TokenLineError: Error, CustomStringConvertible {
    let description: String

    init(expected: String, found: String) { description = "expected \(expected), found \(found)" }
}

/// Texts, ids and encodings as lines of JSON.
enum TokenLines {
    /// A JSON string, or an array of a text and its pair.
    static func input(_ line: String) throws(TokenLineError) -> EncodingInput {
        let expected = "a JSON string, or an array of a text and its pair"
        let value: JSONValue
        do { value = try JSONParser.parse(Array(line.utf8)) } catch {
            throw TokenLineError(expected: expected, found: "what is no JSON (\(error))")
        }
        switch value {
        case .string(let text): return EncodingInput(text)
        case .array(let values):
            if values.count == 2, case .string(let text) = values[0], case .string(let pair) = values[1] {
                return EncodingInput(text, pair: pair)
            }
            fallthrough
        default: throw TokenLineError(expected: expected, found: value.summary)
        }
    }

    /// Whole numbers with spaces or commas between them, in brackets or without.
    static func ids(_ line: String) throws(TokenLineError) -> [Int] {
        var text = line.utf8.drop { $0 == UInt8(ascii: " ") }
        if text.first == UInt8(ascii: "["), line.utf8.last == UInt8(ascii: "]") { text = text.dropFirst().dropLast() }
        var ids: [Int] = []
        for word in text.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }) {
            guard let id = Int(Substring(word)), id >= 0 else {
                throw TokenLineError(
                    expected: "whole numbers from 0 with spaces between them", found: "\"\(Substring(word))\"")
            }
            ids.append(id)
        }
        return ids
    }

    /// An encoding as the reference's fields.
    static func json(_ encoding: Encoding) -> JSONValue {
        func numbers(_ values: [Int]) -> JSONValue { .array(values.map { .number(JSONNumber($0)) }) }
        return .object([
            JSONMember("ids", numbers(encoding.ids)),
            JSONMember("tokens", .array(encoding.pieces.map(JSONValue.string))),
            JSONMember("offsets", .array(encoding.offsets.map { numbers([$0.lowerBound, $0.upperBound]) })),
            JSONMember("word_ids", .array(encoding.wordIDs.map { $0.map { .number(JSONNumber($0)) } ?? .null })),
            JSONMember("type_ids", numbers(encoding.typeIDs)),
            JSONMember("special_tokens_mask", numbers(encoding.specialTokensMask.map { $0 ? 1 : 0 })),
            JSONMember("attention_mask", numbers(encoding.attentionMask.map { $0 ? 1 : 0 })),
            JSONMember("overflowing", .array(encoding.overflowing.map(json))),
        ])
    }

    /// A value on one line.
    static func text(of value: JSONValue) -> String {
        String(decoding: JSONWriter.write(value, as: .compact), as: UTF8.self)
    }
}
