import Attention

/// Sentences to vectors by all-MiniLM-L6-v2, from strings to normalised numbers: all at once, longest first in batches, or one at a time.
///
/// `PEERS_MINILM` names the folder, `PEERS_SENTENCES` the file of sentences, one a line; without them there is nothing to measure. Batches
/// are of as many pieces as keep the caches warm rather than of 32 sentences.
struct SentenceEmbedding: Workload {
    let name = "embed"
    let cases = ["batch32", "single"]
    let precisions: [Precision] = [.float32, .bfloat16, .int8]
    let seconds = 12.0

    func run(_ name: String, at pace: Pace) throws {
        guard let folder = environment("PEERS_MINILM"), let file = environment("PEERS_SENTENCES") else { return }
        let bytes = try FileContents.read(file)
        let sentences = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        let embedder = try TextEmbedder(path: folder)
        var line = Line(self, name)
        if name == "batch32" {
            let measurement = try Measurement(at: pace) { _ = try embedder.embed(sentences) }
            measurement.add(to: &line, amount: Double(sentences.count), unit: "sentences")
        } else {
            for sentence in sentences.prefix(100) { _ = try embedder.embed(sentence) }
            let measurement = try Measurement(at: pace, each: sentences) { _ = try embedder.embed($0) }
            measurement.add(to: &line, amount: 1, unit: "sentences")
            line["throughput"] = .number(1 / measurement.mean)
            line["mean_s"] = .number(measurement.mean)
            line["p95_s"] = .number(measurement.quantile(0.95))
        }
        line["quality_min_cos"] = try .number(quality(embedder, sentences))
        line.print()
    }

    /// The least cosine with what exact arithmetic gives.
    private func quality(_ embedder: TextEmbedder, _ sentences: [String]) throws -> Double {
        let found = try embedder.embed(sentences)
        let wanted = try withPrecision(.exact) { try embedder.embed(sentences) }
        return zip(found, wanted).map { Double(embedder.similarity($0, $1)) }.min() ?? 0
    }
}

/// Lines of text to ids, and to encodings with offsets and words, by three tokenizers.
///
/// `PEERS_TEXT` names the text; `PEERS_MINILM` the folder of the first tokenizer, `PEERS_BPE` and `PEERS_UNIGRAM` the files of the others.
struct Tokenizing: Workload {
    let name = "tokenizers"
    let cases = ["wordpiece/1t", "bpe/1t", "unigram/1t"]
    let precisions: [Precision] = [.float32]
    let seconds = 8.0

    func run(_ name: String, at pace: Pace) throws {
        let files = [
            environment("PEERS_MINILM").map { $0 + "/tokenizer.json" }, environment("PEERS_BPE"),
            environment("PEERS_UNIGRAM"),
        ]
        guard let text = environment("PEERS_TEXT"), let index = cases.firstIndex(of: name), let file = files[index]
        else {
            return
        }
        let tokenizer = try Tokenizer(contentsOf: file).limited(truncation: nil, padding: nil)
        let lines = try FileContents.read(text).split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }.filter { !$0.allSatisfy(\.isWhitespace) }
        let megabytes = Double(lines.reduce(0) { $0 + $1.utf8.count }) / 1e6
        var line = Line(self, name)
        try Measurement(at: pace) { for text in lines { _ = tokenizer.ids(of: text) } }
            .add(to: &line, amount: megabytes, unit: "MB")
        line["peer"] = .text("swift-attention ids")
        line.print()
        line = Line(self, name)
        try Measurement(at: pace) {
            for text in lines {
                let encoding = tokenizer.encode(text)
                guard encoding.offsets.count == encoding.wordIDs.count else { return }
            }
        }.add(to: &line, amount: megabytes, unit: "MB")
        line.print()
    }
}
