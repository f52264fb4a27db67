import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles
import Glibc

struct Translate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Translate text and show where the model looked.",
        discussion: """
            A text is translated sentence by sentence; what lies between stays as it was. Without TEXT, lines are read from \
            standard input and answered line by line; a blank line is answered by an empty one. --file translates whole text \
            files. The picture shows source words across and target words down: the darker a cell, the more the model looked \
            at that source word when it wrote that target word. --attention writes where every head looked, a row for each sentence: \
            encoder_attentions.N, decoder_attentions.N and cross_attentions.N for layer N.
            """)

    @Argument(help: "What to translate; several arguments are several texts.")
    var text: [String] = []
    @Option(
        name: .customLong("file"), parsing: .upToNextOption,
        help: ArgumentHelp("Translate what is in these text files, layout kept.", valueName: "path"))
    var files: [String] = []
    @Option(
        help: ArgumentHelp(
            "Where the translation of --file goes: a file, or for several files a folder; standard output unless given.",
            valueName: "path"))
    var output: String?
    @OptionGroup var texts: TextOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var choice: TranslatorOptions
    @OptionGroup var search: SearchOptions
    @Option(parsing: .unconditional, help: "Translations shown for each text, best first; at most the beam.")
    var nBest = 1
    @Option(
        help: ArgumentHelp(
            "Write the alignment as a picture or data: by ending .svg, .html or .json.", valueName: "file"))
    var heatmap: String?
    @Option(help: "Show the alignment as shares (soft) or as links i-j (hard).")
    var alignment = AlignmentStyle.soft
    @Option(
        help: """
            What tags in a text are: none, and they are text, or html or xml, and they stand around the words made of those they stood \
            around.
            """)
    var markup = Markup.none
    @Option(
        help: ArgumentHelp(
            "How certain words must be said: a line for each, the word, a tab, how it is said.", valueName: "file.tsv"))
    var glossary: String?
    @Flag(help: "Show no picture.")
    var noPicture = false
    @Flag(help: "Write one JSON object per translation.")
    var json = false
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    enum Markup: String, ExpressibleByArgument, CaseIterable {
        case none, html, xml

        /// How tags are read; nil if they are text.
        var form: MarkupForm? {
            switch self {
            case .none: nil
            case .html: .html
            case .xml: .xml
            }
        }
    }
    enum AlignmentStyle: String, ExpressibleByArgument, CaseIterable { case soft, hard }

    func validate() throws {
        let beam = search.beam ?? 200
        guard (1...beam).contains(nBest) else {
            throw ValidationError("--n-best: expected 1 to the beam of \(beam), found \(nBest)")
        }
        try validateFiles()
        try attention.validate(count: text.count)
        if attention.attention != nil, let other = !files.isEmpty ? "--file" : markup != .none ? "--markup" : nil {
            throw ValidationError("--attention: expected TEXT or lines, without tags, found \(other)")
        }
        if let heatmap { _ = try HeatmapFormat(path: heatmap) }
        if markup != .none, json || heatmap != nil || nBest > 1 || alignment == .hard {
            throw ValidationError(
                "--markup \(markup.rawValue): expected nothing but the text, found --json, --heatmap, --n-best or --alignment hard"
            )
        }
        if heatmap != nil, text.count != 1 {
            throw ValidationError("--heatmap: expected one TEXT for one file, found \(text.count)")
        }
    }

    func run() throws {
        threads.apply()
        if text.isEmpty, files.isEmpty, Terminal.isInputInteractive {
            Diagnostics.print("attend: reading lines from the terminal; end with Ctrl-D")
        }
        for path in [heatmap, attention.attention].compactMap(\.self) { try AtomicFile.check(path) }
        let translator = try choice.translator(of: model.model ?? "default")
        try translator.model.model.attentionExtent.check(attention.selection)
        let options = try self.options(with: try glossary.map { try Glossary(path: $0) }, of: translator)
        try precision { try ablation(of: translator) { try translateAll(translator, options) } }
    }

    private func translateAll(_ translator: Translator, _ options: TranslationOptions) throws {
        if !files.isEmpty {
            try translateFiles(translator, options)
        } else if !text.isEmpty {
            try translateText(translator, options)
        } else {
            try translateLines(translator, options)
        }
    }

    private func translateText(_ translator: Translator, _ options: TranslationOptions) throws {
        if let form = markup.form {
            for text in text { try Results.print(try translator.translate(text, as: form, options: options)) }
            return
        }
        var run = TaskRun(observing: attention.selection)
        for (text, translations) in zip(text, try translator.translate(text, options: options)) {
            try show(translations, of: translator, isAnswer: true)
            if let best = translations.first {
                TextOptions.tellCuts(in: best, of: "the text")
                try translator.observe(best, foundBy: options, in: &run)
            }
            if let heatmap { try draw(translations, of: translator, foundBy: options, to: heatmap) }
            if Directory.hasFile(text) {
                Diagnostics.print(
                    "attend: \(text) was translated as it stands here; to translate what is in it: --file \(text)")
            }
        }
        try writeAttention(of: run)
    }

    /// Writes where heads looked, and says so if a translation was not at its end there.
    func writeAttention(of run: TaskRun) throws {
        try attention.write(run, each: "sentence")
        guard let text = run.endlessTexts.first else { return }
        let others = run.endlessTexts.count - 1
        Diagnostics.print(
            "attend: \(text.prefix(40)): its translation takes all the places that the model can write, and where heads looked is written as "
                + "far as that" + (others > 0 ? "; so it is of \(others) more" : ""))
    }

    private func options(with glossary: Glossary?, of translator: Translator) throws -> TranslationOptions {
        if let glossary { try translator.check(glossary) }
        var options = TranslationOptions(
            hypothesisCount: nBest,
            aligns: showsPicture(isAnswer: text.isEmpty == false) || json || heatmap != nil || alignment == .hard)
        search.apply(to: &options)
        texts.apply(to: &options)
        options.glossary = glossary
        return options
    }

    private func showsPicture(isAnswer: Bool) -> Bool { isAnswer && !noPicture && !json && alignment == .soft }

    func show(_ translations: [Translation], of translator: Translator, isAnswer: Bool) throws {
        // A blank text has one translation, whatever was asked for; on standard input answers must stay in step.
        let missing = isAnswer ? 0 : max(0, nBest - translations.count)
        for translation in translations + [Translation](repeating: .empty, count: missing) {
            if json {
                try Results.print(try translation.jsonLine())
                continue
            }
            try Results.print(translation.text)
            if alignment == .hard {
                try Results.print(translation.alignment?.chosenMatrix.hardAlignment().pharaoh ?? "")
            } else if let map = translation.alignment, showsPicture(isAnswer: isAnswer) {
                try Results.print()
                try Results.print(
                    TextRenderer(style: Terminal.shading, width: Terminal.width).render(map.chosenMatrix),
                    terminator: "")
            }
        }
    }

    private func draw(
        _ translations: [Translation], of translator: Translator, foundBy options: TranslationOptions, to path: String
    ) throws {
        guard let best = translations.first, let map = best.alignment else { throw TranslationError.noAlignment }
        try HeatmapFormat(path: path).write(map, to: path) { try translator.trace(of: best, foundBy: options) }
    }
}

/// The kinds of picture files, told by their endings.
enum HeatmapFormat {
    case svg, html, json

    init(path: String) throws(ValidationError) {
        switch FileEnding.of(path, among: [".svg", ".html", ".htm", ".json"]) {
        case ".svg": self = .svg
        case ".html", ".htm": self = .html
        case ".json": self = .json
        default: throw ValidationError("--heatmap: expected a file ending in .svg, .html or .json, found \(path)")
        }
    }

    /// Draws the map into the file; of a page the trace, which shows more.
    func write(_ map: AlignmentMap, to path: String, trace: () throws -> ModelTrace) throws {
        let text =
            switch self {
            case .svg: Figure(map.chosenMatrix).svg
            case .html: HTMLRenderer().render(try trace())
            case .json: JSONRenderer().render(map)
            }
        try AtomicFile.write(Array(text.utf8), to: path)
    }
}
