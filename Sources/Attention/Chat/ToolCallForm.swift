package import AttentionFiles

/// How models of a family write that they call functions: as their templates show what they have written before.
package enum ToolCallForm: Sendable {
    /// `<tool_call>{"name": …, "arguments": …}</tool_call>`, any number: Qwen 2.5 and 3, Hermes, SmolLM 3.
    case tagged
    /// `[TOOL_CALLS] [{"name": …, "arguments": …, "id": …}, …]`: Mistral.
    case listed
    /// The whole answer is `{"name": …, "parameters": …}`, perhaps behind `<|python_tag|>`: Llama 3.
    case bare

    /// The form that a template knows; nil if it knows of no functions.
    package init?(template source: String) {
        if source.contains("<tool_call>") {
            self = .tagged
        } else if source.contains("[TOOL_CALLS]") {
            self = .listed
        } else if source.contains("tools") {
            self = .bare
        } else {
            return nil
        }
    }

    /// A call as it stands in an answer; `id` is the model's own name for it, if it gives one.
    package typealias Call = (name: String, values: JSONValue, id: String?)

    /// The calls of an answer, and what else it says. What is no call, such as JSON that was cut off, is text.
    /// - Parameter answer: with its special tokens, but for the one that ended it.
    package func calls(in answer: String) -> (text: String, calls: [Call]) {
        switch self {
        case .tagged: return tagged(answer)
        case .listed:
            let parts = answer.split(separator: "[TOOL_CALLS]", maxSplits: 1, omittingEmptySubsequences: false)
            guard let calls = Self.list(parts.last ?? "") else { return (answer, []) }
            return (parts.count == 2 ? parts[0].trimmed : "", calls)
        case .bare:
            let mark = "<|python_tag|>"
            let inner = answer.trimmed
            guard
                let call = Self.document(inner.hasPrefix(mark) ? inner.dropFirst(mark.count) : inner[...])
                    .flatMap(Self.call)
            else { return (answer, []) }
            return ("", [call])
        }
    }

    private func tagged(_ answer: String) -> (text: String, calls: [Call]) {
        var (text, calls, rest): (String, [Call], Substring) = ("", [], answer[...])
        while let open = rest.firstRange(of: "<tool_call>") {
            let inner = rest[open.upperBound...]
            let close = inner.firstRange(of: "</tool_call>")
            let end = close?.upperBound ?? rest.endIndex
            if let call = Self.document(inner[..<(close?.lowerBound ?? rest.endIndex)]).flatMap(Self.call) {
                text += rest[..<open.lowerBound]
                calls.append(call)
            } else {
                text += rest[..<end]
            }
            rest = rest[end...]
        }
        text += rest
        return (calls.isEmpty ? answer : text.trimmed, calls)
    }

    private static func list(_ text: Substring) -> [Call]? {
        guard case .array(let items)? = document(text), !items.isEmpty else { return nil }
        let calls = items.compactMap(call)
        return calls.count == items.count ? calls : nil
    }

    private static func document(_ text: Substring) -> JSONValue? {
        do { return try JSONParser.parse(Array(text.utf8)).withoutTables } catch { return nil }
    }

    private static func call(_ value: JSONValue) -> Call? {
        guard case .string(let name)? = value["name"], let values = value["arguments"] ?? value["parameters"] else {
            return nil
        }
        if case .string(let id)? = value["id"] { return (name, values, id) }
        return (name, values, nil)
    }
}

extension StringProtocol {
    /// Without white space around it.
    fileprivate var trimmed: String {
        let rest = drop(while: \.isWhitespace)
        return String(rest.prefix(rest.count - rest.reversed().prefix(while: \.isWhitespace).count))
    }
}
