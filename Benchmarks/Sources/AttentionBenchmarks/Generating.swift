import Attention

/// Greedy writing with a language model of GPT-2's shape, 124M parameters: a prompt of 32 or 512 tokens, then 128 tokens behind 32.
///
/// `PEERS_GPT2` names the folder (or a folder of blocks, or a GGUF file); without it there is nothing to measure. Decoding is what is left of
/// the whole run without the prompt and the first token; beside it stands how much of what this machine reads from memory at most that was, each
/// weight read once a token.
struct Generating: Workload {
    let name = "generate"
    let cases = ["prefill32", "prefill512", "decode128", "total128"]
    let precisions: [Precision] = [.float32, .bfloat16, .int8]
    let seconds = 5.0

    func run(_ name: String, at pace: Pace) throws {
        guard let writer = try Writer(folder: "PEERS_GPT2") else { return }
        func prompt(_ count: Int) -> [Int] { (1...count).map { $0 * 7919 % 50000 } }
        let (rows, count) = ([prompt(name == "prefill512" ? 512 : 32)], 128)
        let first = try Measurement(at: pace) { try writer.write(behind: rows, count: 1) }
        var line = Line(self, name)
        switch name {
        case "prefill32", "prefill512": first.add(to: &line, amount: Double(rows[0].count), unit: "tokens")
        case "decode128":
            let all = try Measurement(at: pace) { try writer.write(behind: rows, count: count) }
            all.add(to: &line, without: first, amount: Double(count - 1), unit: "tokens")
            let rate = writer.weightBytes * Double(count - 1) / (all.median - first.median)
            line["read_gb_per_s"] = .number(rate / 1e9)
            line["read_share"] = .number(rate / MachineCeilings(measuringFor: 1).reading.allThreads)
        default:
            let all = try Measurement(at: pace) { try writer.write(behind: rows, count: count) }
            all.add(to: &line, amount: Double(count), unit: "tokens")
        }
        line["peak_rss_mb"] = .number(try ResidentMemory.peak())
        line.print()
    }
}

/// Greedy writing with an encoder–decoder of T5-small's shape: 32 tokens from sources of 32.
///
/// `PEERS_T5` names the folder; without it there is nothing to measure.
struct T5Writing: Workload {
    let name = "t5"
    let cases = ["first", "total32", "decode32", "batch16"]
    let precisions: [Precision] = [.float32, .bfloat16, .int8]
    let seconds = 5.0

    func run(_ name: String, at pace: Pace) throws {
        guard let writer = try Writer(folder: "PEERS_T5") else { return }
        let source = (1...31).map { 3 + $0 * 7919 % 32000 } + [1]
        let rows = [[Int]](repeating: source, count: name == "batch16" ? 16 : 1)
        var line = Line(self, name)
        let count = name == "first" ? 1 : 32
        let all = try Measurement(at: pace) { try writer.write(behind: rows, count: count) }
        if name == "decode32" {
            let first = try Measurement(at: pace) { try writer.write(behind: rows, count: 1) }
            all.add(to: &line, without: first, amount: 31, unit: "tokens")
        } else {
            all.add(to: &line, amount: Double(32 * rows.count), unit: "tokens")
        }
        line["peak_rss_mb"] = .number(try ResidentMemory.peak())
        line.print()
    }
}

/// Translation with a model of Marian's shape: 32 sources of 20 tokens to 20 tokens each, by four beams or one.
///
/// `PEERS_MARIAN` names the folder; without it there is nothing to measure.
struct MarianTranslating: Workload {
    let name = "translate"
    let cases = ["beam4", "greedy"]
    let precisions: [Precision] = [.float32, .bfloat16, .int8]
    let seconds = 12.0

    func run(_ name: String, at pace: Pace) throws {
        guard let writer = try Writer(folder: "PEERS_MARIAN") else { return }
        let rows = (0..<32).map { row in (1...19).map { 2 + (row * 31 + $0) * 7919 % 31000 } + [0] }
        var line = Line(self, name)
        let measurement = try Measurement(at: pace) {
            try writer.write(behind: rows, count: 20, beamSize: name == "beam4" ? 4 : 1)
        }
        measurement.add(to: &line, amount: 32 * 20, unit: "tokens")
        line["sentences_per_s"] = .number(32 / measurement.median)
        line["peak_rss_mb"] = .number(try ResidentMemory.peak())
        line.print()
    }
}

/// A model that writes as many tokens as it is told, whatever they are.
private struct Writer {
    private let model: any GenerativeModel
    private let startToken: Int?

    /// Nil if the environment names no folder.
    init?(folder name: String) throws {
        guard let path = environment(name) else { return nil }
        let generator = try TextGenerator(path: path)
        (model, startToken) = (generator.model, generator.configuration.startToken)
    }

    /// What its weights take as they are read in the precision in use; what it keeps of fewer bits is counted as that.
    var weightBytes: Double {
        let size =
            switch Precision.current {
            case .exact, .float32: 4
            case .bfloat16: 2
            case .int8: 1
            }
        return model.parameterSummary.rows.reduce(0) { $0 + Double(min($1.byteCount, size * $1.shape.elementCount)) }
    }

    func write(behind rows: [[Int]], count: Int, beamSize: Int = 1) throws {
        var configuration = GenerationConfiguration()
        configuration.newTokenLimit = count
        configuration.beamSize = beamSize
        configuration.startToken = startToken
        func written(_ model: some GenerativeModel) throws -> [[Hypothesis]] {
            try model.generate(try model.start(rows), Generation(configuration))
        }
        for found in try written(model) where found.first?.tokens.count != count {
            throw WrongLength(expected: count, found: found.first?.tokens.count ?? 0)
        }
    }
}

/// Less work was done than was measured.
private struct WrongLength: Error {
    let expected: Int
    let found: Int
}
