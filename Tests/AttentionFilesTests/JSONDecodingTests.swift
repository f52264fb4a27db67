import AttentionFiles
import Testing

private struct Model: Codable, Equatable {
    enum Kind: String, Codable, CaseIterable { case wide, deep }

    struct Layer: Codable, Equatable {
        var headCount: Int
        var size: Int8?
    }

    var kind = Kind.wide
    var seed: UInt64 = .max
    var rate: Float = 0.1
    var layers = [Layer(headCount: 4, size: nil)]
    var names: [String: Double] = [:]
}

/// Reads its object in two halves through the same decoder, and one part through a nested container.
private struct Halves: Decodable {
    enum Key: String, CodingKey { case kind, inner, depth }

    let depth: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        _ = try container.decode(String.self, forKey: .kind)
        let inner = try container.nestedContainer(keyedBy: Key.self, forKey: .inner)
        depth = try inner.decode(Int.self, forKey: .depth)
        _ = try Rest(from: decoder)
    }

    private struct Rest: Decodable { let size: Int }
}

/// A number or a table of numbers.
private enum Either: Decodable, Equatable {
    case number(Double)
    case table([String: Either])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .table(try container.decode([String: Either].self))
        }
    }
}

@Suite struct JSONDecodingTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoding.decode(type, from: Array(json.utf8))
    }

    private let model =
        #"{"kind":"wide","seed":18446744073709551615,"rate":0.1,"layers":[{"headCount":4}],"names":{"a":1}}"#

    @Test func readsWhatIsThere() throws {
        let expected = Model(names: ["a": 1])
        #expect(try decode(Model.self, model) == expected)
        #expect(try decode(Model.self, "\u{FEFF}" + model) == expected)
        #expect(try decode([Double?].self, "[1, null, 2.5]") == [1, nil, 2.5])
        #expect(try decode([Int: String].self, #"{"3": "x"}"#) == [3: "x"])
        #expect(try decode(Either.self, #"{"a": {"b": 2}}"#) == .table(["a": .table(["b": .number(2)])]))
        #expect(try decode(Int.self, "4.0") == 4)
        #expect(try decode(Halves.self, #"{"kind": "x", "inner": {"depth": 3}, "size": 1}"#).depth == 3)
    }

    /// Replaces a part of the model, which must then be refused with this sentence.
    @Test(arguments: [
        (#""headCount":4"#, #""headCount":"4""#, #"expected an integer at layers[0].headCount, found the string "4""#),
        (#""headCount":4"#, #""headCount":4.5"#, "expected an integer at layers[0].headCount, found the number 4.5"),
        (
            #""headCount":4"#, #""headCount":4,"size":300"#,
            "expected an integer from -128 to 127 at layers[0].size, found the number 300"
        ),
        (
            #""headCount":4"#, #""headCoutn":4"#,
            #"there is no member "headCoutn" at layers[0]; did you mean "headCount"?"#
        ),
        (#""headCount":4"#, "", #"expected a member "headCount" at layers[0], found none"#),
        (
            #""headCount":4"#, #""headCount":4,"siez":3"#,
            #"there is no member "siez" at layers[0]; did you mean "size"?"#
        ),
        (
            #""headCount":4"#, #""headCount":4,"colour":3"#,
            #"there is no member "colour" at layers[0]; take it out, or look up its name"#
        ),
        (#""rate":0.1"#, #""rate":0.1,"rates":1"#, #"there is no member "rates"; did you mean "rate"?"#),
        (#""rate":0.1"#, #""rate":1e300"#, "expected a number up to 3.4028235e+38 at rate, found the number 1e+300"),
        (#""rate":0.1"#, #""rate":"nan""#, #"expected a number at rate, found the string "nan""#),
        (
            #""seed":18446744073709551615"#, #""seed":-1"#,
            "expected an integer from 0 to 18446744073709551615 at seed, found the number -1"
        ),
        (#""wide""#, #""wdie""#, #"expected one of wide, deep at kind, found the string "wdie""#),
        (#"{"a":1}"#, "[]", "expected an object at names, found an array"),
        (#"{"a":1}"#, #"{"a":true}"#, "expected a number at names.a, found true"),
        (#"[{"headCount":4}]"#, "{}", "expected an array at layers, found an object"),
        (
            #"{"a":1}"#, #"{"a":1,"a":2}"#,
            "expected each name once at byte 99 of the JSON document, found a twice"
        ),
    ])
    func refuses(_ part: String, _ replacement: String, _ sentence: String) throws {
        let parts = model.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let error = try #require(throws: JSONError.self) {
            try decode(Model.self, parts[0] + replacement + parts[1])
        }
        #expect(error.description == sentence)
    }

    @Test func whatIsReadElsewhereIsNotReadHere() {
        for json in [
            #"{"kind": "x", "inner": {"depth": 3, "kind": 1, "dept": 2}, "size": 1}"#,
            #"{"kind": "x", "inner": {"depth": 3}, "size": 1, "extra": 0}"#,
        ] {
            #expect(throws: JSONError.self) { try decode(Halves.self, json) }
        }
        #expect(throws: JSONError.self) { try decode([Int].self, "[1, 2") }
        #expect(throws: JSONError.self) { try decode(Int.self, "") }
    }

    @Test func namesOfNumbersAreReadWhereTheyAreWanted() throws {
        let json = Array(#"["inf", "-inf", "nan", 1]"#.utf8)
        let values = try JSONDecoding.decode([Float].self, from: json, numbers: .named)
        #expect(values[0] == .infinity && values[1] == -.infinity && values[2].isNaN && values[3] == 1)
        #expect(throws: JSONError.self) { try JSONDecoding.decode([Float].self, from: json) }
    }

    @Test func valuesComeBack() throws {
        let values = [
            Model(),
            Model(
                kind: .deep, seed: 1 << 63, rate: 1e-9,
                layers: [.init(headCount: .min, size: -128), .init(headCount: .max, size: nil)],
                names: ["": -0.0, "é\n\"\\/": Double.leastNonzeroMagnitude, "\u{0}": .greatestFiniteMagnitude]),
        ]
        for layout in [JSONWriter.Layout.compact, .lines, .tokenizer] {
            let text = try JSONEncoding.text(of: values, as: layout)
            #expect(try decode([Model].self, text) == values)
        }
        #expect(throws: JSONError.unfit(at: "[1]", expected: "a finite number", found: "nan")) {
            try JSONEncoding.text(of: [1, Double.nan])
        }
        #expect(try JSONEncoding.text(of: [Double.nan, -.infinity], numbers: .named) == #"["nan","-inf"]"#)
    }
}
