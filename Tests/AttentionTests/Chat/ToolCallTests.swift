import Attention
import AttentionFiles
import Testing

/// Calls of functions are told from text, as the templates of the families write them.
@Suite struct ToolCallTests {
    private static func template(_ family: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        return String(
            decoding: try FileContents.read("\(root)/AttentionTemplatesTests/Fixtures/\(family).jinja"), as: UTF8.self)
    }

    private func described(_ form: ToolCallForm, _ answer: String) -> String {
        let (text, calls) = form.calls(in: answer)
        return
            ([text]
            + calls.map { "\($0.name) \(ToolCall(id: "", name: "", values: $0.values).arguments) \($0.id ?? "-")" })
            .joined(separator: "|")
    }

    @Test(arguments: [
        ("qwen2.5", "a"), ("qwen3", "a"), ("llama3.1", #"{"name": "f", "parameters": {"x": 1}}"#),
        ("mistral", #"[TOOL_CALLS] [{"name": "f", "arguments": {"x": 1}, "id": "123456789"}]"#),
    ])
    func whatATemplateWritesIsReadAgain(_ family: String, _ example: String) throws {
        let source = try Self.template(family)
        let form = try #require(ToolCallForm(template: source))
        // The template's own rendering of a call, from the beginning of the answer to its end.
        let folder = try ChatFolder([
            "chat_template.jinja": source, "tokenizer_config.json": #"{"bos_token": "<s>", "eos_token": "</s>"}"#,
        ])
        let template = try ChatTemplate(folder: folder.path)
        let call = ToolCall(id: "123456789", name: "f", values: try JSONParser.parse(Array(#"{"x":[1,"é"]}"#.utf8)))
        let asked = [ChatMessage.user("q")]
        let before = try template.text(of: asked)
        let after = try template.text(of: asked + [.assistant("", calls: [call])], beginningAnswer: false)
        #expect(after.hasPrefix(before), "\(after)")
        let answer = after.dropFirst(before.count)
        let body = ["<|im_end|>", "<|eot_id|>", "</s>", "<think>\n\n</think>"].reduce(String(answer)) {
            $0.replacing($1, with: "")
        }
        let id = family == "mistral" ? "123456789" : "-"
        #expect(described(form, body) == #"|f {"x":[1,"é"]} \#(id)"#, "\(body)")
        if example != "a" { #expect(described(form, example) == #"|f {"x":1} \#(id)"#) }
    }

    @Test func templatesWithoutFunctionsAreTold() throws {
        for family in ["gemma", "phi3"] { #expect(ToolCallForm(template: try Self.template(family)) == nil) }
    }

    @Test(arguments: [
        (ToolCallForm.tagged, "well <tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>\n", "well|f {} -"),
        (
            .tagged, #"<tool_call>{"name":"f","arguments":{"a":1}}</tool_call><tool_call>{"name":"g","arguments":[]}"#,
            #"|f {"a":1} -|g [] -"#
        ),
        (.tagged, #"<tool_call>{"name":"f","argum"#, #"<tool_call>{"name":"f","argum"#),
        (.tagged, "<tool_call>[1]</tool_call> x", "<tool_call>[1]</tool_call> x"), (.tagged, "", ""),
        (.listed, #"[{"name": "f", "arguments": {}}, {"name": "g", "arguments": {}}]"#, "|f {} -|g {} -"),
        (.listed, #"so [TOOL_CALLS][{"name": "f", "arguments": {}}]"#, "so|f {} -"), (.listed, "[1, 2]", "[1, 2]"),
        (.listed, "[]", "[]"), (.bare, #"<|python_tag|>{"name": "f", "parameters": {"q": "x"}}"#, #"|f {"q":"x"} -"#),
        (.bare, #"{"name": "f"}"#, #"{"name": "f"}"#), (.bare, "hello", "hello"),
    ]) func formsAreRead(_ form: ToolCallForm, _ answer: String, _ expected: String) {
        #expect(described(form, answer) == expected)
    }

    private static let source =
        "{% if tools %}T{% endif %}{% for m in messages %}{{ m.role[0] }}{{ m.content }}"
        + "{% for c in m.tool_calls or [] %}c{{ c.function.name }}{{ c.function.arguments }}{% endfor %}{{ m.tool_call_id }}.{% endfor %}"
        + "{% if add_generation_prompt %}a{% endif %}"

    private func session(_ folder: ChatFolder) throws -> ChatSession {
        var session = try ChatSession(path: folder.path, tools: ChatTools(json: #"[{"name": "f"}]"#))
        session.generator.configuration.newTokenLimit = 30
        return session
    }

    @Test func callsAreAnswered() throws {
        let folder = try ChatFolder(["chat_template.jinja": Self.source])
        var session = try session(folder)
        try session.generator.constrain(to: TextLanguage(regularExpression: #"\{"name":"f","parameters":7\}"#))
        let first = try session.answer(to: "sun")
        #expect(first.text == #"{"name":"f","parameters":7}"#)
        #expect(first.calls.map(\.name) == ["f"] && first.calls[0].arguments == "7" && first.calls[0].id == "000000001")
        #expect(session.openCalls == first.calls)
        #expect(throws: ChatError.results(calls: 1, found: 2)) { try session.answer(results: ["x", "y"]) }
        try session.generator.constrain(to: TextLanguage(regularExpression: "[a-z]{3}"))
        let second = try session.answer(results: ["x"])
        #expect(second.calls.isEmpty && session.openCalls.isEmpty && second.text.count == 3)
        #expect(
            try session.template.text(
                of: session.messages, tools: ChatTools(json: #"[{"name": "f"}]"#), beginningAnswer: false)
                == "Tusun.acf7.tx000000001.a\(second.text).")
        #expect(throws: ChatError.results(calls: 0, found: 1)) { try session.answer(results: ["x"]) }
    }

    @Test func refusals() throws {
        let folder = try ChatFolder(["chat_template.jinja": ChatFolder.template])
        let error = #expect(throws: ChatError.self) { try session(folder) }
        #expect(error?.description.hasPrefix("chat: expected a template that tells the model of functions in") == true)
        for (json, sentence) in [
            ("{}", "chat: tools: expected an array of functions, found an object"),
            ("[]", "expected an array of functions"),
            (#"[{"function": {}}]"#, "expected a function with a name in each, found an object"),
            ("[", "chat: tools: "),
        ] {
            let error = #expect(throws: ChatError.self) { try ChatTools(json: json) }
            #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        }
    }
}
