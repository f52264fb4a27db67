import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles
import Glibc

struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cut lines of text into pieces with a model's tokenizer, or put pieces together again.",
        discussion: """
            The tokenizer is that of a model's folder: tokenizer.json, vocab.txt, vocab.json and merges.txt, or a SentencePiece \
            model. Texts are cut to length and filled up if it says so. Without TEXT, each line of standard input is a text; each line of \
            the output is its ids or, with --json, an object of ids, tokens, offsets (in Unicode scalars), word_ids, type_ids, \
            special_tokens_mask, attention_mask and overflowing, the windows beyond the first.
            """)

    @Argument(help: "The texts, or what lines of standard input would be with --json-input or --decode.")
    var text: [String] = []
    @Option(help: ArgumentHelp("The model's folder, a GGUF file, or a tokenizer.json.", valueName: "dir"))
    var model: String
    @Flag(help: "Write a JSON object a line.")
    var json = false
    @Flag(help: "Write the pieces themselves instead of their ids.")
    var pieces = false
    @Flag(help: "Read a JSON string a line, or a text and its pair: [\"text\", \"pair\"].")
    var jsonInput = false
    @Flag(help: "Put no special tokens around the text.")
    var noSpecialTokens = false
    @Flag(help: "Take all lines for one batch, filled up to one length.")
    var batch = false
    @Flag(help: "Read lines of ids (1 2 3 or [1, 2, 3]) and write their texts as JSON strings.")
    var decode = false
    @Flag(help: "With --decode: leave special tokens out.")
    var skipSpecialTokens = false

    func validate() throws {
        if json, pieces { throw ValidationError("--pieces: expected no --json, which writes the pieces, too") }
        if decode, pieces || batch || noSpecialTokens {
            throw ValidationError(
                "--decode: expected none of --pieces, --batch and --no-special-tokens, which are for texts")
        }
        if skipSpecialTokens, !decode {
            throw ValidationError("--skip-special-tokens: expected --decode; for texts write --no-special-tokens")
        }
    }

    func run() throws {
        let isDocument = Directory.hasFile(model) && !GGUFFile.isOne(at: model)
        let tokenizer = try isDocument ? Tokenizer(contentsOf: model) : Tokenizer(folder: model)
        if decode {
            try forEachLine(TokenLines.ids) {
                TokenLines.text(of: .string(tokenizer.decode($0, skippingSpecialTokens: skipSpecialTokens)))
            }
        } else if batch {
            try encodeBatch(with: tokenizer)
        } else {
            try forEachLine(input) { answer(for: encode([$0], with: tokenizer)[0]) }
        }
    }

    /// Each line by itself, so that answers come as the lines do.
    private func forEachLine<Value>(
        _ read: (String) throws(TokenLineError) -> Value, _ answer: (Value) -> String
    ) throws {
        var lines = NumberedLines(arguments: text)
        while let line = try lines.next(read) {
            try Results.print(line.map(answer) ?? (json || decode ? "null" : ""))
        }
        if lines.unusableCount > 0 { throw ExitCode(EX_DATAERR) }
    }

    /// A batch of which a line is missing would be another batch: then there is no answer.
    private func encodeBatch(with tokenizer: Tokenizer) throws {
        var lines = NumberedLines(arguments: text)
        var texts: [EncodingInput] = []
        while let line = try lines.next(input) {
            if let line { texts.append(line) }
        }
        if lines.unusableCount > 0 { throw ExitCode(EX_DATAERR) }
        for encoding in encode(texts, with: tokenizer) { try Results.print(answer(for: encoding)) }
    }

    private func encode(_ texts: [EncodingInput], with tokenizer: Tokenizer) -> [Encoding] {
        tokenizer.encode(batch: texts, addingSpecialTokens: !noSpecialTokens)
    }

    private func input(_ line: String) throws(TokenLineError) -> EncodingInput {
        jsonInput ? try TokenLines.input(line) : EncodingInput(line)
    }

    private func answer(for encoding: Encoding) -> String {
        if json { return TokenLines.text(of: TokenLines.json(encoding)) }
        return (pieces ? encoding.pieces : encoding.ids.map(String.init)).joined(separator: " ")
    }
}
