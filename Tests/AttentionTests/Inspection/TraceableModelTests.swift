import Attention
import AttentionFiles
import Foundation
import Testing

/// The tiny BART among the fixtures of models with a vocabulary of words as byte-level tokenizers spell them.
private struct TinyWriter: ~Copyable {
    let path: String

    init() throws {
        let fixtures = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        path = FileManager.default.temporaryDirectory.path + "/attention-writer-" + UUID().uuidString
        try FileManager.default.copyItem(
            atPath: fixtures + "/AttentionModelsTests/Fixtures/EncoderDecoders/bart", toPath: path)
        let known = ["<s>", "<pad>", "</s>", "<unk>", "The", "Ġcat", "Ġdog", "."]
        let pieces = known + (known.count..<30).map { "Ġw\($0)" }
        let vocabulary = pieces.enumerated().map { "\"\($0.element)\": \($0.offset)" }.joined(separator: ", ")
        let special = (0...3).map { id in
            """
            {"id": \(id), "content": "\(pieces[id])", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}
            """
        }
        let bytes = #""type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true"#
        let tokenizer = """
            {"added_tokens": [\(special.joined(separator: ", "))], "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {\(vocabulary)}},
             "pre_tokenizer": {\(bytes)}, "decoder": {\(bytes)}}
            """
        try AtomicFile.write(Array(tokenizer.utf8), to: path + "/tokenizer.json")
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }
}

/// What is seen of models of every kind, and that it is what their ordinary outputs say.
@Suite struct TraceableModelTests {
    private static let tasks = TaskTests.root

    /// Rows sum to 1.
    private func checkRows(of trace: ModelTrace) throws {
        for part in trace.attention {
            let width = trace.keys(of: part).pieces.count
            for start in stride(from: 0, to: part.weights.count, by: width) {
                #expect(abs(part.weights[start..<start + width].reduce(0, +) - 1) < 1e-5)
            }
        }
    }

    @Test func translator() throws {
        let translator = Translator(folder: try .tiny())
        let trace = try translator.trace("the quick fox")
        try checkRows(of: trace)
        #expect(trace.sequences.map(\.name) == ["source", "target", "read"])
        #expect(trace.attention.map(\.kind) == [.encoder, .decoder, .cross])
        #expect(Array(trace.sequences[0].wordTexts) == ["the", "quick", "fox"])
        // What is written, a place later read.
        let (target, read) = (trace.sequences[1], trace.sequences[2])
        #expect(target.pieces.dropLast() == read.pieces.dropFirst())
        #expect(target.text == read.text)

        // The picture of the translation is the same attention, word by word.
        let best = try translator.translate(
            ["the quick fox"], options: TranslationOptions(hypothesisCount: 1))[0][0]
        let map = try #require(best.alignment)
        let words = try trace.map(of: .cross, .init(joinsWords: true, showsSpecial: false))
        #expect(words.source == map.source && words.target == map.target)
        for (layer, heads) in map.weights.enumerated() {
            for (head, rows) in heads.enumerated() {
                for (row, other) in zip(rows, words.weights[layer][head]) {
                    #expect(zip(row, other).allSatisfy { abs($0 - $1) < 1e-5 })
                }
            }
        }
        // And so is the trace of the translation, with the beam that found it.
        let again = try translator.trace(of: best)
        #expect(again.attention == trace.attention && again.sequences[1].beam == target.beam && target.beam != nil)
        var run = TaskRun(observing: .all)
        try translator.observe(best, in: &run)
        #expect(run.traces == [again])
        var narrow = TranslationOptions(hypothesisCount: 1)
        narrow.beamSize = 1
        let greedy = try translator.translate(["the quick fox"], options: narrow)[0][0]
        #expect(try translator.trace(of: greedy, foundBy: narrow).sequences[1].beam == nil)
    }

    /// What goes on for as long as the model can write is seen as far as that, without an end that nobody wrote.
    @Test func aTranslationWithoutAnEnd() throws {
        let base = TranslationModel(try .tiny())
        let count = try Translator(base).trace("the quick fox").sequences[0].pieces.count
        var form = base.form
        (form.lengthLimit, form.banned) = (count, form.banned.union([form.end]))
        let translator = Translator(
            TranslationModel(name: "endless", model: base.model, reader: base.reader, writer: base.writer, form: form))
        var options = TranslationOptions()
        options.isGuarded = false
        let best = try translator.translate(["the quick fox"], options: options)[0][0]
        var run = TaskRun(observing: .all)
        try translator.observe(best, foundBy: options, in: &run)
        let trace = try #require(run.traces.first)
        try checkRows(of: trace)
        let (target, read) = (trace.sequences[1], trace.sequences[2])
        #expect(target.pieces.count == count && target.text == best.sentences[0].text)
        #expect(run.endlessTexts == ["the quick fox"])
        #expect(target.pieces.dropLast() == read.pieces.dropFirst())
        #expect(try translator.trace("the quick fox") == trace)
        // What is given is refused if it is longer than that.
        let long = [String](repeating: "the lazy dog", count: count).joined(separator: " ")
        #expect(throws: TranslationError.self) { try translator.trace("the quick fox", and: long) }
        // What ends is not counted.
        var plain = TaskRun(observing: .all)
        let ended = try Translator(base).translate(["the quick fox"], options: options)[0][0]
        try Translator(base).observe(ended, foundBy: options, in: &plain)
        #expect(plain.traces.count == 1 && plain.endlessTexts.isEmpty)
    }

    /// Each piece that was written, how likely it was there by the model's own sum, and what else.
    @Test func likelyPieces() throws {
        let translator = Translator(folder: try .tiny())
        let best = try translator.translate(["the quick fox"], options: TranslationOptions(hypothesisCount: 1))[0][0]
        let target = try translator.trace("the quick fox", and: best.text).sequences[1]
        #expect(target.likely.count == target.pieces.count)
        for (piece, likely) in zip(target.pieces, target.likely) {
            #expect(likely.count == 4 && likely[0].piece == piece && Set(likely.map(\.piece)).count == 4)
            let others = likely.dropFirst().map(\.probability)
            #expect(others == others.sorted(by: >) && likely.map(\.probability).reduce(0, +) <= 1.0001)
        }
        // Nobody need have them.
        let bare = try translator.trace("the quick fox", and: best.text, heads: .all, keeping: .attention)
        #expect(bare.sequences[1].likely.allSatisfy(\.isEmpty) && bare.sequences[1].pieces == target.pieces)
        let source = try translator.trace("the quick fox").sequences[0]
        #expect(source.likely == [[LikelyPiece]](repeating: [], count: source.pieces.count))
    }

    /// What the search held while it wrote: its best goes through all of it to the answer.
    @Test func theBeamThatWroteIt() throws {
        let translator = Translator(folder: try .tiny())
        let target = try translator.trace("the quick fox").sequences[1]
        let beam = try #require(target.beam)
        #expect(beam.first == 0 && beam.steps.contains { $0.count > 1 })
        #expect(beam.answer.count >= target.pieces.count - 1)
        let way = zip(beam.steps, beam.answer).map { $0[$1] }
        #expect(way.map(\.piece) == Array(target.pieces.prefix(beam.answer.count)))
        var options = TranslationOptions(hypothesisCount: 1)
        options.isGuarded = false
        let best = try translator.translate(["the quick fox"], options: options)[0][0]
        let last = try #require(way.last)
        #expect(abs(last.logProbability - best.logProbability) < 1e-4)
        if let score = last.score { #expect(abs(score - best.score) < 1e-4) }
        // What was given was not searched for, and who wants weights alone gets no more.
        #expect(try translator.trace("the quick fox", and: best.text).sequences[1].beam == nil)
        let bare = try translator.trace("the quick fox", and: nil, heads: .all, keeping: .attention)
        #expect(bare.sequences[1].beam == nil && bare.sequences[1].pieces == target.pieces)
    }

    /// The same of an encoder and a decoder that are no translator, whose vocabulary is spelt in bytes.
    @Test func theBeamOfAPretrainedWriter() throws {
        let folder = try TinyWriter()
        let model = try TraceableModels.model(at: folder.path)
        let greedy = try model.trace("The cat.", and: nil, heads: .all)
        #expect(greedy.sequences[1].beam == nil && greedy.attention.map(\.kind) == [.encoder, .decoder, .cross])
        #expect(greedy.sequences[0].pieces == ["The", "Ġcat", "."])
        #expect(greedy.sequences[0].markedLabels == ["The", "␣cat", "."])
        let searching = try #require(model.searching(beamSize: 3))
        let target = try searching.trace("The cat.", and: nil, heads: .all).sequences[1]
        let beam = try #require(target.beam)
        #expect(beam.first == 0 && beam.steps.contains { $0.count > 1 })
        let way = zip(beam.steps, beam.answer).map { $0[$1] }
        #expect(way.map(\.piece) == target.pieces)
        for hypothesis in beam.steps.joined() where hypothesis.piece.hasPrefix("Ġ") {
            #expect(hypothesis.text == " \(hypothesis.piece.dropFirst())")
        }
        // What is given is not searched for.
        #expect(try searching.trace("The cat.", and: "The dog.", heads: .all).sequences[1].beam == nil)
        // It is what generation finds.
        var generator = try TextGenerator(path: folder.path)
        generator.configuration.beamSize = 3
        let (written, trace) = try generator.traced("The cat.")
        #expect(try written == generator.generate("The cat.") && trace.sequences[1] == target)
        var run = TaskRun(observing: .all)
        #expect(try generator.generate("The cat.", in: &run) == written && run.traces == [trace])
        let encoder = try TraceableModels.model(at: Self.tasks + "vectors")
        #expect(encoder.searching(beamSize: 3) == nil)
    }

    /// A language model's beam, behind what it was told; parts of characters are seen as such.
    @Test func theBeamOfALanguageModel() throws {
        var generator = try TextGenerator(path: Self.tasks + "continuations")
        (generator.configuration.beamSize, generator.configuration.newTokenLimit) = (3, 5)
        let (written, trace) = try generator.traced("The cat sleeps")
        try checkRows(of: trace)
        #expect(try written == generator.generate("The cat sleeps") && trace.attention.map(\.kind) == [.decoder])
        let (text, told) = (trace.sequences[0], try generator.tokens(of: "The cat sleeps").count)
        let beam = try #require(text.beam)
        #expect(beam.first == told && text.pieces.count == told + written[0].tokens.count)
        #expect(zip(beam.steps, beam.answer).map { $0[$1].piece } == Array(text.pieces[told...]))
        generator.configuration.beamSize = 1
        let greedy = try generator.traced("The cat sleeps").trace.sequences[0]
        #expect(greedy.beam == nil && greedy.labels[told].hasPrefix("‹"))
        #expect(greedy.labels.allSatisfy { !$0.contains("\u{FFFD}") && !$0.contains("Ġ") })
        // Behind no text at all stands what texts begin with.
        let (first, whole) = try generator.traced("")
        #expect(whole.sequences[0].pieces.count == 1 + first[0].tokens.count)
    }

    @Test func chosenHeadsAreThoseOfTheWhole() throws {
        let translator = Translator(folder: try .tiny())
        let all = try translator.trace("the quick fox")
        let one = try translator.trace("the quick fox", heads: AttentionSelection(layers: [0], heads: [1]))
        for (whole, part) in zip(all.attention, one.attention) {
            #expect(part.layers == [0] && part.heads == [1])
            #expect(part.weights == Array(whole.weights[(whole.weights.count / 2)...]))
        }
        #expect(throws: PretrainedError.unknownAttention("layers", found: 4, count: 1)) {
            try translator.trace("the quick fox", heads: AttentionSelection(layers: [4]))
        }
    }

    @Test func recurrentTranslator() throws {
        let trace = try Translator(folder: try .tinyRecurrent()).trace("the quick fox")
        try checkRows(of: trace)
        #expect(trace.attention.map(\.kind) == [.cross] && trace.attention[0].layers == [0])
    }

    @Test func encoderOfTwoTexts() throws {
        let model = try TraceableModels.model(at: Self.tasks + "vectors")
        let trace = try model.trace("The cat sleeps.", and: "A dog.", heads: AttentionSelection(layers: [1]))
        try checkRows(of: trace)
        let text = trace.sequences[0]
        #expect(trace.attention[0].kind == .encoder && trace.attention[0].layers == [1])
        #expect(text.wordTexts == ["The", "cat", "sleeps.", "A", "dog."])
        // Each piece of a text is where it says it is.
        let segments = text.segments.compactMap(\.self)
        #expect(segments == segments.sorted() && Set(segments) == [0, 1])
        #expect(zip(text.words, text.segments).allSatisfy { ($0 == nil) == ($1 == nil) })
        #expect(text.words.compactMap(\.self).last == 4)

        // The same weights as where a task notes them.
        var run = TaskRun(observing: AttentionSelection(layers: [1]))
        _ = try TextEmbedder(path: Self.tasks + "vectors").embed(["The cat sleeps."], in: &run)
        let single = try model.trace("The cat sleeps.", and: nil, heads: AttentionSelection(layers: [1]))
        #expect(single.attention[0].weights == run.attentions[0].layers[0].weights.values)
        #expect(single.sequences[0].pieces == run.attentions[0].pieces)
    }

    @Test func languageModel() throws {
        let model = try TraceableModels.model(at: Self.tasks + "continuations")
        let trace = try model.trace("The cat", and: " sleeps.", heads: .all)
        try checkRows(of: trace)
        #expect(trace.attention.map(\.kind) == [.decoder] && trace.sequences[0].text == "The cat sleeps.")
        // Nothing looks ahead.
        let count = trace.sequences[0].pieces.count
        for (place, weight) in trace.attention[0].weights.enumerated()
        where place % count > place / count % count {
            #expect(weight == 0)
        }
        #expect(throws: PretrainedError.self) { try model.trace("a", and: nil, heads: AttentionSelection(heads: [99])) }
    }
}
