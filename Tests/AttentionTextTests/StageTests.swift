import AttentionFiles
import AttentionText
import Testing

/// Every stage by itself against the reference.
@Suite struct StageTests {
    private func stages(_ kind: String) throws -> [JSONValue] {
        let stages = try Fixtures.json("stages.json")["stages"].elements.filter { $0["kind"].text == kind }
        try #require(stages.count > 10)
        return stages
    }

    @Test func normalizers() throws {
        for item in try stages("normalizer") {
            let normalizer = try Normalizers.read(item["stage"])
            for pair in item["cases"].elements.map(\.elements) {
                let normalized = normalizer.normalize(AlignedText(pair[0].text)).string
                #expect(
                    normalized.scalarValues == pair[1].text.scalarValues,
                    "\(item["stage"]) on \(pair[0].text.debugDescription)")
            }
        }
    }

    @Test func preTokenizers() throws {
        for item in try stages("pre_tokenizer") {
            let preTokenizer = try PreTokenizers.read(item["stage"])
            for pair in item["cases"].elements.map(\.elements) {
                let segment = Segment(AlignedText(pair[0].text)[...])
                let parts = preTokenizer.split(segment).map(\.text.string.scalarValues)
                #expect(
                    parts == pair[1].elements.map(\.text.scalarValues),
                    "\(item["stage"]) on \(pair[0].text.debugDescription)")
            }
        }
    }

    @Test func decoders() throws {
        for item in try stages("decoder") {
            let decoder = try PieceDecoders.read(item["stage"])
            for pair in item["cases"].elements.map(\.elements) {
                let pieces = pair[0].elements.map { Array($0.text.utf8) }
                let text = String(decoding: decoder.decode(pieces).joined(), as: UTF8.self)
                #expect(text.scalarValues == pair[1].text.scalarValues, "\(item["stage"]) on \(pieces)")
            }
        }
    }

    @Test func stagesSurviveWriting() throws {
        for item in try Fixtures.json("stages.json")["stages"].elements {
            let stage = item["stage"]
            let (first, second): ([UInt8], [UInt8])
            switch item["kind"].text {
            case "normalizer":
                first = JSONWriter.write(try Normalizers.read(stage).json)
                second = JSONWriter.write(try Normalizers.read(try JSONParser.parse(first)).json)
            case "pre_tokenizer":
                first = JSONWriter.write(try PreTokenizers.read(stage).json)
                second = JSONWriter.write(try PreTokenizers.read(try JSONParser.parse(first)).json)
            default:
                first = JSONWriter.write(try PieceDecoders.read(stage).json)
                second = JSONWriter.write(try PieceDecoders.read(try JSONParser.parse(first)).json)
            }
            #expect(first == second)
            for member in stage.members {
                let written = try JSONParser.parse(first)[member.key]
                #expect(JSONWriter.write(written) != JSONWriter.write(.null) || member.value.summary == "null")
            }
        }
    }

    @Test func postProcessors() throws {
        let text = [TokenSequence(ids: [7, 8])]
        func process(_ json: String) throws -> [Int] {
            try PostProcessors.read(try JSONParser.parse(Array(json.utf8)))
                .process(text, addingSpecialTokens: true).flatMap(\.ids)
        }
        let bert = #"{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}"#
        let bytes = #"{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false}"#
        #expect(try process(bert) == [2, 7, 8, 3])
        #expect(try process(bytes) == [7, 8])
        #expect(try process(#"{"type":"Sequence","processors":[\#(bytes),\#(bert)]}"#) == [2, 7, 8, 3])
        let template = """
            {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},
            {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],"pair":[],
            "special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]},
            "</s>":{"id":"</s>","ids":[2,2],"tokens":["</s>","</s>"]}}}
            """
        #expect(try process(template) == [1, 7, 8, 2, 2])
    }
}
