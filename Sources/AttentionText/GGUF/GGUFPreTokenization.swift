import AttentionFiles

/// How a text is cut before its pieces are found, by the names that llama.cpp gives to it.
struct GGUFPreTokenization {
    /// The stage as a `tokenizer.json` has it.
    let stage: JSONValue
    /// Whether characters are composed first.
    var isComposing = false
    /// Whether a segment that is a piece is taken whole.
    var prefersWholeSegments = false
    /// Whether texts begin with the start token unless the file says otherwise.
    var startsTexts = false

    /// Those that are known. Their expressions are those of the models' own tokenizers.
    static let all: [String: GGUFPreTokenization] = {
        let gpt2 = GGUFPreTokenization(stage: byteLevel(cutting: true))
        let digits: JSONValue = .object([JSONMember("type", "Digits"), JSONMember("individual_digits", true)])
        let smollm = GGUFPreTokenization(stage: sequence([digits, byteLevel(cutting: true)]))
        let llama3 = GGUFPreTokenization(
            stage: sequence([split(numbers: #"\p{N}{1,3}"#), byteLevel(cutting: false)]),
            prefersWholeSegments: true, startsTexts: true)
        let qwen2 = GGUFPreTokenization(
            stage: sequence([split(numbers: #"\p{N}"#), byteLevel(cutting: false)]), isComposing: true)
        return [
            "gpt-2": gpt2, "phi-2": gpt2, "olmo": gpt2, "smollm": smollm, "starcoder": smollm, "refact": smollm,
            "llama-bpe": llama3, "llama3": llama3, "llama-v3": llama3, "qwen2": qwen2, "deepseek-r1-qwen": qwen2,
        ]
    }()

    static func byteLevel(cutting: Bool) -> JSONValue {
        .object([
            JSONMember("type", "ByteLevel"), JSONMember("add_prefix_space", false), JSONMember("trim_offsets", true),
            JSONMember("use_regex", .bool(cutting)),
        ])
    }

    private static func sequence(_ stages: [JSONValue]) -> JSONValue {
        .object([JSONMember("type", "Sequence"), JSONMember("pretokenizers", .array(stages))])
    }

    /// Contractions, words with what stands before them, numbers, other signs, ends of lines, spaces.
    private static func split(numbers: String) -> JSONValue {
        let expression =
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + numbers
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        return .object([
            JSONMember("type", "Split"), JSONMember("pattern", .object([JSONMember("Regex", .string(expression))])),
            JSONMember("behavior", "Isolated"), JSONMember("invert", false),
        ])
    }
}
