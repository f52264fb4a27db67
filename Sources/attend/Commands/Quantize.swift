import ArgumentParser
import Attention
import AttentionCommand

struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Store a model's weights in 8 or 4 bits.",
        discussion: """
            Reads a folder of a decoder, an encoder, an encoder–decoder or a translator trained here, or a GGUF file, and writes a folder that \
            is used like any other. Weights of linear maps become blocks of 32 integers with a scale each, as Q8_0 or Q4_0 of llama.cpp; \
            tables of words and the maps of a head become 8 bits in any case; vectors stay as they are. With --text the loss is measured, \
            and written: perplexity before and after or, of encoders, the mean cosine between vectors of lines. Of encoder–decoders the \
            lines are pairs of texts with a tab between them.
            """)

    @Argument(help: "A model folder, or a GGUF file.")
    var model: String
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String
    @Option(help: "Bits of a weight: 8 or 4.")
    var bits: Int
    @Option(help: "How many weights share a scale: 32.")
    var group = 32
    @Option(help: ArgumentHelp("Measure what is lost on the lines of this file.", valueName: "file"))
    var text: String?
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output: expected a folder for the model") }
        guard bits == 8 || bits == 4 else { throw ValidationError("--bits: expected 8 or 4, found \(bits)") }
        guard group == 32 else { throw ValidationError("--group: expected 32, found \(group)") }
    }

    func run() throws {
        threads.apply()
        let quantized = try QuantizedModel(path: model, bits: bits)
        try quantized.write(to: output)
        guard let text else { return }
        let loss = try precision { try QuantizationLoss(before: model, after: output, file: text) }
        switch loss.measure {
        case .perplexity:
            let share = (loss.after / loss.before - 1) * 100
            try Results.print(
                "perplexity\t\(loss.before.decimals(4))\t\(loss.after.decimals(4))\t\(share.decimals(2)) %")
        case .cosine: try Results.print("cosine\t\(loss.after.decimals(6))")
        }
    }
}

extension QuantizationError: DataFault {}
