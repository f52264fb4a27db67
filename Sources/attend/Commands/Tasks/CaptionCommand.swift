import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct CaptionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "caption", abstract: "Say in words what is to be seen on pictures, or read what is written there.",
        discussion: """
            A model that sees and writes (ViT and GPT-2, BLIP, TrOCR) describes each picture, or reads its line of text. An answer is a line: the \
            picture where there are several, the text. What no option says, the folder's generation_config.json decides. Pictures are PNG, \
            JPEG or PNM files. --attention writes where each token looked: cross_attentions.N for layer N.
            """)

    @Argument(help: ArgumentHelp("The pictures.", valueName: "image"))
    var images: [String]
    @Option(help: ArgumentHelp("What every caption begins with.", valueName: "text"))
    var prompt = ""
    @Option(
        help: ArgumentHelp(
            "A folder with config.json, model.safetensors, a tokenizer and preprocessor_config.json.", valueName: "dir")
    )
    var model: String
    @Flag(help: "Write one JSON object per picture.")
    var json = false
    @OptionGroup(title: "Generation") var generation: GenerationOptions
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Answer: Encodable {
        let image: String
        let text: String
        let tokens: [Int]
        let score: Double
    }

    func validate() throws {
        try attention.validate(count: images.count)
        try generation.validateOneText()
    }

    func run() throws {
        threads.apply()
        if let path = attention.attention { try AtomicFile.check(path) }
        var captioner = try Captioner(path: model)
        captioner.configuration = try generation.configured(captioner.configuration)
        captioner.key = RandomKey(seed: generation.seed)
        captioner.stopWords = generation.stop
        captioner.prompt = prompt
        var run = TaskRun(observing: attention.selection)
        for path in images {
            let image = try Image(picture: path)
            let caption = try precision {
                try ablation(of: captioner) { try captioner.caption(image, in: &run) }
            }
            if json {
                try Results.print(
                    try JSONEncoding.text(
                        of: Answer(image: path, text: caption.text, tokens: caption.tokens, score: caption.score)))
            } else {
                try Results.print((images.count > 1 ? path + "\t" : "") + caption.text)
            }
        }
        try attention.write(run, name: "cross_attentions")
    }
}
