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
            and written: perplexity before and after or, of encoders, the mean cosine between vectors of lines; how far attention has moved \
            (the mean KL divergence of a head, in nats); the seconds that the text took; and the bytes of the model. Of encoder–decoders the \
            lines are pairs of texts with a tab between them. --report tells what each layer costs alone; --maximum-loss stores as many as \
            possible in --bits, and the others in 8 bits, or as they are where 8 are asked for.
            """)

    @Argument(help: "A model folder, or a GGUF file.")
    var model: String
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String
    @Option(parsing: .unconditional, help: "Bits of a weight: 8 or 4.")
    var bits: Int
    @Option(parsing: .unconditional, help: "How many weights share a scale: 32.")
    var group = 32
    @Option(help: ArgumentHelp("Measure what is lost on the lines of this file.", valueName: "file"))
    var text: String?
    @Flag(help: "Print what is lost by each layer alone.")
    var report = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Lose at most so much on --text: percent of perplexity, or of what a cosine lacks to 1.",
            valueName: "percent"))
    var maximumLoss: Double?
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output: expected a folder for the model") }
        guard bits == 8 || bits == 4 else { throw ValidationError("--bits: expected 8 or 4, found \(bits)") }
        guard group == 32 else { throw ValidationError("--group: expected 32, found \(group)") }
        if text == nil, report || maximumLoss != nil {
            throw ValidationError("--report and --maximum-loss: expected --text to measure the loss on")
        }
        if let maximumLoss, !(maximumLoss >= 0) {
            throw ValidationError("--maximum-loss: expected at least 0, found \(maximumLoss)")
        }
    }

    func run() throws {
        threads.apply()
        try ModelDestination.check(output)
        let quantized = try QuantizedModel(path: model, bits: bits)
        try precision { try write(quantized) }
    }

    private func write(_ quantized: QuantizedModel) throws {
        guard let text else { return try quantized.write(to: output) }
        var formats: LayerFormats?
        if report || maximumLoss != nil {
            let layers = try LayerSensitivity(
                of: quantized, at: model, file: text, scratch: output + "/.attention-trial")
            if let maximumLoss { formats = try layers.formats(within: maximumLoss).formats }
            if report { try print(layers, formats) }
        }
        try quantized.write(to: output, as: formats)
        let loss = try QuantizationLoss(before: model, after: output, file: text)
        switch loss.measure {
        case .perplexity:
            try Results.print(
                "perplexity\t\(loss.before.shown(4))\t\(loss.after.shown(4))\t\(loss.percent.shown(2)) %")
        case .cosine: try Results.print("cosine\t\(loss.after.shown(6))")
        }
        let drift = try AttentionDrift(
            before: model, after: output, lines: try TextFile.texts(of: text, limit: .max))
        try Results.print("attention drift\t\(drift.mean.shown(6))\tnats a head")
        try Results.print("seconds\t\(loss.secondsBefore.shown(3))\t\(loss.secondsAfter.shown(3))")
        let bytes = (before: try QuantizedModel.byteCount(at: model), after: try QuantizedModel.byteCount(at: output))
        let share = Double(bytes.after) / Double(max(1, bytes.before)) * 100
        try Results.print("bytes\t\(bytes.before)\t\(bytes.after)\t\(share.shown(1)) %")
    }

    private func print(_ layers: LayerSensitivity, _ formats: LayerFormats?) throws {
        try Results.print("layer\tbytes\tloss alone\tstored as")
        for row in layers.rows {
            let format = (formats ?? LayerFormats(rest: bits == 8 ? .q80 : .q40)).format(ofLayer: row.layer)
            try Results.print(
                "\(row.layer)\t\(row.byteCount)\t\(row.percent.shown(4)) %\t\(format?.rawValue ?? "as it is")")
        }
    }
}

extension QuantizationError: DataFault {}
