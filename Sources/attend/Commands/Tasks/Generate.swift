import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write what follows a text, with a language model.",
        discussion: """
            Text appears as it is written; with --heatmap or --attention, when it is whole. Without PROMPT, each line of standard input is \
            one. What no option says, the folder's generation_config.json decides. With --json an answer is an object of sequences (the new \
            tokens), scores (ln P; of beams divided by length^α) and texts. --attention writes where the model looked in the prompt and in \
            the best text behind it: attentions.N for layer N, or, of an encoder and a decoder, encoder_attentions.N, decoder_attentions.N \
            and cross_attentions.N.
            """)

    @Argument(help: "The text that is to be continued.")
    var prompt: String?
    @Option(
        help: ArgumentHelp(
            "A folder with config.json, model.safetensors and a tokenizer, or a GGUF file.", valueName: "dir"))
    var model: String
    @Option(help: ArgumentHelp("Tokens instead of a text, with commas between them.", valueName: "ids"))
    var inputIds: String?
    @Option(
        help: ArgumentHelp("Tensors instead of a text, as attend forward reads them.", valueName: "file.safetensors"))
    var inputs: String?
    @Option(parsing: .unconditional, help: "The row of --inputs.")
    var row = 0
    @Option(help: ArgumentHelp("Tokens that the decoder of an encoder–decoder model begins with.", valueName: "ids"))
    var decoderInputIds: String?
    @Option(
        help: ArgumentHelp("A text that each prompt begins with; it is read once for all of them.", valueName: "text"))
    var beginning = ""
    @Option(
        help: ArgumentHelp(
            "A folder with a smaller model of the same vocabulary, which guesses what comes next: the same text in fewer passes.",
            valueName: "dir"))
    var draftModel: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Guess so many tokens from what stands in the text already: the same text in fewer passes.", valueName: "n")
    )
    var promptLookup: Int?
    @Option(
        help: ArgumentHelp(
            "Also write where heads looked while the best text was written, by ending .svg, .html or .json; the page shows what --beam held.",
            valueName: "file"))
    var heatmap: String?
    @Flag(help: "Write one JSON object per prompt.")
    var json = false
    @OptionGroup(title: "Generation") var generation: GenerationOptions
    @OptionGroup(title: "Form") var form: FormOptions
    @OptionGroup var cache: CacheOptions
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Answer: Encodable {
        let sequences: [[Int]]
        let scores: [Double]
        let texts: [String]?
    }

    func validate() throws {
        let given = [prompt != nil, inputIds != nil, inputs != nil].filter(\.self).count
        guard given <= 1 else {
            throw ValidationError("expected one of PROMPT, --input-ids and --inputs, found \(given)")
        }
        guard row >= 0 else { throw ValidationError("--row: expected at least 0, found \(row)") }
        guard row == 0 || inputs != nil else { throw ValidationError("--row: expected --inputs FILE beside it") }
        if !beginning.isEmpty, let other = inputIds != nil ? "--input-ids" : inputs != nil ? "--inputs" : nil {
            throw ValidationError("--beginning: expected texts that begin with it, found \(other)")
        }
        guard draftModel == nil || promptLookup == nil else {
            throw ValidationError("expected one of --draft-model and --prompt-lookup, found both")
        }
        if let promptLookup, !(1...1024 ~= promptLookup) {
            throw ValidationError("--prompt-lookup: expected 1 to 1024 tokens, found \(promptLookup)")
        }
        if let heatmap {
            _ = try HeatmapFormat(path: heatmap)
            guard prompt != nil, draftModel == nil, promptLookup == nil, decoderInputIds == nil else {
                throw ValidationError(
                    "--heatmap: expected PROMPT for one file, and no --draft-model, --prompt-lookup or --decoder-input-ids"
                )
            }
        }
        if attention.attention != nil {
            guard inputIds == nil, inputs == nil, draftModel == nil, promptLookup == nil, decoderInputIds == nil,
                heatmap == nil
            else {
                throw ValidationError(
                    "--attention: expected texts, and no --input-ids, --inputs, --decoder-input-ids, --draft-model, --prompt-lookup or --heatmap"
                )
            }
        }
        _ = try inputIds.map { try TokenList($0, option: "--input-ids") }
        _ = try decoderInputIds.map { try TokenList($0, option: "--decoder-input-ids") }
    }

    func run() throws {
        threads.apply()
        Interruption.endsLines()
        var generator = try TextGenerator(path: model, cache: cache.cache)
        generator.configuration = try generation.configured(generator.configuration)
        generator.key = RandomKey(seed: generation.seed)
        generator.stopWords = generation.stop
        try form.apply(to: &generator)
        for path in [heatmap, attention.attention].compactMap(\.self) { try AtomicFile.check(path) }
        try precision {
            try ablation(of: generator) {
                if let heatmap, let prompt { return try draw(beginning + prompt, generator, to: heatmap) }
                if attention.attention != nil { return try observe(generator) }
                try answer(anticipating(generator))
            }
        }
    }

    /// Writes each text when it is whole, and then where the model looked.
    private func observe(_ generator: TextGenerator) throws {
        var run = TaskRun(observing: attention.selection)
        try TextSource(arguments: prompt.map { [$0] } ?? []).forEachBatch { texts in
            for text in texts { try tell(try generator.generate(beginning + text, in: &run), generator) }
        }
        try attention.write(run)
    }

    private func tell(_ written: [TextGenerator.Written], _ generator: TextGenerator) throws {
        try print(written)
        for one in written { form.tellCut(one.tokens, generator) }
    }

    /// Writes at once what is found, and draws where the model looked.
    private func draw(_ text: String, _ generator: TextGenerator, to path: String) throws {
        let (written, trace) = try generator.traced(text)
        try tell(written, generator)
        let map = try trace.map(of: try trace.firstKind(for: .alignment))
        try HeatmapFormat(path: path).write(map, to: path) { trace }
    }

    private func anticipating(_ generator: TextGenerator) throws -> TextGenerator {
        if let draftModel {
            return try generator.anticipating(beginning: beginning, guessesOf: TextGenerator(path: draftModel))
        }
        if let promptLookup {
            return try generator.anticipating(beginning: beginning, drafter: PromptLookup(guessCount: promptLookup))
        }
        return try beginning.isEmpty ? generator : generator.anticipating(beginning: beginning)
    }

    private func answer(_ generator: TextGenerator) throws {
        let begin = try decoderInputIds.map { try TokenList($0, option: "--decoder-input-ids").tokens }
        if let inputs {
            try print(generator.generate(SafetensorsFile(path: inputs), row: row, decoder: begin))
        } else if let inputIds {
            let tokens = try TokenList(inputIds, option: "--input-ids").tokens
            try print(generator.generate(tokens: tokens, decoder: begin))
        } else {
            try TextSource(arguments: prompt.map { [$0] } ?? []).forEachBatch { texts in
                for text in texts { try answer(text, generator, begin) }
            }
        }
    }

    private func answer(_ text: String, _ generator: TextGenerator, _ begin: [Int]?) throws {
        let tokens = try generator.tokens(of: beginning + text)
        guard !json, begin == nil else {
            return try tell(try generator.generate(tokens: tokens, decoder: begin), generator)
        }
        var failure: (any Error)?
        var isStreamed = false
        let written = try generator.write(behind: tokens) { piece in
            isStreamed = true
            do { try Results.print(piece, terminator: "") } catch { failure = error }
        }
        if let failure { throw failure }
        if isStreamed { try Results.print() } else { try print(written) }
        for one in written { form.tellCut(one.tokens, generator) }
    }

    private func print(_ written: [TextGenerator.Written]) throws {
        if json {
            let texts = written.compactMap(\.text)
            try Results.print(
                try JSONEncoding.text(
                    of: Answer(
                        sequences: written.map(\.tokens), scores: written.map(\.score),
                        texts: texts.count == written.count ? texts : nil)))
        } else {
            for one in written {
                try Results.print(one.text ?? one.tokens.map(String.init).joined(separator: ","))
            }
        }
    }
}
