import Attention
import Testing

/// Templates are found wherever folders have them.
@Suite struct ChatTemplateTests {
    private func text(_ files: [String: String], named name: String? = nil) throws -> String {
        let folder = try ChatFolder(files)
        return try ChatTemplate(folder: folder.path, named: name).text(of: [.system("s"), .user("u")])
    }

    @Test func everyFileIsRead() throws {
        #expect(try text(["chat_template.jinja": ChatFolder.template]) == "ss.uu.a")
        #expect(
            try text(["chat_template.json": #"{"chat_template": "{{ messages|length }}{{ eos_token }}"}"#]) == "2<end>")
        let one =
            #"{"chat_template": "{{ eos_token }}|{{ bos_token }}", "eos_token": {"content": "</s>"}, "bos_token": "<s>"}"#
        #expect(try text(["tokenizer_config.json": one]) == "</s>|<s>")
        let several = """
            {"chat_template": [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "plain"}]}
            """
        #expect(try text(["tokenizer_config.json": several]) == "plain")
        #expect(try text(["tokenizer_config.json": several], named: "tool_use") == "tools")
        // The later form wins.
        #expect(try text(["tokenizer_config.json": one, "chat_template.jinja": "later"]) == "later")
        let mapped = [
            "tokenizer_config.json": "{}", "special_tokens_map.json": #"{"bos_token": "B"}"#,
            "chat_template.jinja": "{{ bos_token }}",
        ]
        #expect(try text(mapped) == "B")
    }

    @Test func documentsAreRenderedAsTheReferenceTakesThem() throws {
        let source =
            "{% for m in messages %}{{ m|tojson }}{% endfor %}{% for t in tools or [] %}{{ t.name }}{% endfor %}{{ add_generation_prompt }}"
        let folder = try ChatFolder(["chat_template.jinja": source])
        let template = try ChatTemplate(folder: folder.path)
        let thought = #"[{"role": "assistant", "content": null, "thinking": "é"}]"#
        #expect(
            try template.text(messages: thought, tools: #"[{"name": "f"}]"#, beginningAnswer: false)
                == #"{"role": "assistant", "thinking": "é", "reasoning_content": "é"}fFalse"#)
        for (messages, sentence) in [
            ("{}", "chat: messages: expected an array of messages"),
            ("[1]", "expected an object for each message, found the number 1"),
            ("[", "chat: messages: expected"),
        ] {
            let error = #expect(throws: ChatError.self) { try template.text(messages: messages) }
            #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        }
    }

    @Test func refusals() throws {
        for (files, sentence) in [
            ([:], "expected a chat template in"),
            (["chat_template.jinja": "{% if x %}"], "chat_template.jinja: line 1: expected {% elif %}"),
            (
                ["chat_template.jinja": "\n{{ raise_exception('no system') }}"],
                "line 2: the template refuses the conversation: no system"
            ),
            (
                ["tokenizer_config.json": #"{"chat_template": 3}"#],
                "expected a template, or a list of them, as chat_template, found the number 3"
            ),
            (
                ["tokenizer_config.json": #"{"chat_template": [3]}"#],
                "expected a name and a template in each of chat_template, found the number 3"
            ),
            (["tokenizer_config.json": "[]"], "tokenizer_config.json: expected an object, found an array"),
        ] as [([String: String], String)] {
            let error = #expect(throws: ChatError.self) { try text(files) }
            #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        }
        let several = #"{"chat_template": [{"name": "a", "template": ""}, {"name": "b", "template": ""}]}"#
        let error = #expect(throws: ChatError.self) { try text(["tokenizer_config.json": several], named: "c") }
        #expect(error?.description == "chat: expected a template among a, b, found c")
    }
}
