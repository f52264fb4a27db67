import Attention
import Foundation
import Testing

/// What tasks note of texts, sounds and pictures as traces.
@Suite struct TaskTraceTests {
    @Test func aText() throws {
        var run = TaskRun(observing: AttentionSelection(layers: [1]))
        _ = try TextEmbedder(path: TaskTests.root + "vectors").embed(["The cat sleeps."], in: &run)
        let trace = try ModelTrace(name: "vectors", run.attentions[0])
        let whole = try TraceableModels.model(at: TaskTests.root + "vectors").trace(
            "The cat sleeps.", and: nil, heads: AttentionSelection(layers: [1]))
        #expect(trace.attention == whole.attention && trace.sequences[0].pieces == whole.sequences[0].pieces)
    }

    @Test func aSoundAndWhatIsWrittenOfIt() throws {
        let folder = try TinySpeech()
        var run = TaskRun(observing: AttentionSelection(layers: [1], heads: [0]))
        _ = try Transcriber(path: folder.path).transcribe(TinySpeech.sound(seconds: 0.5), in: &run)
        let row = try #require(run.attentions.first)
        let trace = try ModelTrace(name: "whisper", row, heads: [0])
        #expect(trace.attention.map(\.kind) == [.cross] && trace.attention[0].layers == [1])
        // Half a second of the window's one has sound; what rows gave to the rest is missing, and nothing else has changed.
        let (moments, written) = (trace.sequences[0], trace.sequences[1])
        #expect(moments.pieces.prefix(3) == ["0 s", "0.02 s", "0.04 s"] && written.pieces == row.pieces)
        #expect(moments.pieces.count == 25 && moments.omittedCount == 25 && row.silentCount == 25)
        let rows = row.layers[0].weights.values
        #expect(rows.count == 50 * row.pieces.count)
        #expect(
            trace.attention[0].weights
                == stride(from: 0, to: rows.count, by: 50).flatMap { Array(rows[$0..<$0 + 25]) })
        #expect(try trace.omission(of: .cross)?.hasPrefix("The last 25 of 50 places") == true)
        // Its spectrogram stands with the moments: half a second of 50 frames, of 6 bands.
        let picture = try #require(moments.picture)
        #expect(picture == row.picture && written.picture == nil && picture.seconds == 0.5)
        #expect(picture.rowCount == 1 && picture.columnCount == 25 && picture.rowOrder == .upwards)
        let image = try Image(picture.png)
        #expect(image.width == 50 && image.height == 6 && image.channels == .grey && Set(image.samples).count > 2)
        // Special tokens belong to no word, the others say what they add.
        #expect(written.words.prefix(2) == [nil, nil] && written.words.dropFirst(2).allSatisfy { $0 != nil })
    }

    /// A window that is full is shown as it is, and a beam that has written is seen.
    @Test func aWholeWindowAndItsBeam() throws {
        let folder = try TinySpeech()
        var transcriber = try Transcriber(path: folder.path)
        transcriber.settings.temperatures = [0]
        transcriber.settings.noSpeechLimit = 1
        transcriber.settings.beamSize = 3
        var run = TaskRun(observing: AttentionSelection(layers: [1]))
        _ = try transcriber.transcribe(TinySpeech.sound(seconds: 1), in: &run)
        let row = try #require(run.attentions.first)
        let trace = try ModelTrace(name: "whisper", row)
        #expect(trace.sequences[0].pieces.count == 50 && trace.sequences[0].omittedCount == 0)
        #expect(try trace.omission(of: .cross) == nil && trace.sequences[0].picture?.seconds == 1)
        let beam = try #require(trace.sequences[1].beam)
        #expect(beam.first == 2 && beam.answer.count == row.pieces.count - 2)
        #expect(zip(beam.steps, beam.answer).map { $0[$1].piece } == Array(row.pieces.dropFirst(2)))
    }

    /// What a model saw stands with the places that it looked at; what looks at them stands before them.
    @Test func aPictureAndItsPlaces() throws {
        let path = NSTemporaryDirectory() + "trace-tests-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fixtures = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        try FileManager.default.copyItem(
            atPath: fixtures + "/AttentionModelsTests/Fixtures/Vision/vit-classes", toPath: path)
        try AtomicFile.write(
            Array(#"{"image_processor_type": "ViTImageProcessor", "size": {"height": 6, "width": 4}}"#.utf8),
            to: path + "/preprocessor_config.json")
        // Of the size that the model sees, so that every pixel stays.
        let image = try Image(
            width: 4, height: 6, channels: .rgb, samples: (0..<72).map { UInt8($0 * 37 % 256) })
        let labeler = try ImageLabeler(path: path)
        var run = TaskRun(observing: AttentionSelection(layers: [1]))
        _ = try labeler.label([image], in: &run)
        let row = try #require(run.attentions.first)
        let trace = try ModelTrace(name: "vit", row)
        let picture = try #require(trace.sequences[0].picture)
        #expect(picture.rowCount == 3 && picture.columnCount == 2 && picture.rowOrder == .downwards)
        #expect(try Image(picture.png) == image)
        #expect(trace.sequences[0].pieces.suffix(6).first == "row 1, column 1" && row.pieces.count == 7)
        // Nobody pays who has not asked.
        var plain = TaskRun()
        _ = try labeler.label([image], in: &plain)
        #expect(plain.attentions.isEmpty)
    }

    /// Of a spectrogram that was filled up, the patches that see something: the others neither look nor are looked at.
    @Test func aSoundThatIsShorterThanItsSpectrogram() throws {
        let path = NSTemporaryDirectory() + "trace-tests-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fixtures = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        try FileManager.default.copyItem(
            atPath: fixtures + "/AttentionModelsTests/Fixtures/Audio/ast-classes", toPath: path)
        try AtomicFile.write(
            Array(#"{"feature_extractor_type": "ASTFeatureExtractor", "num_mel_bins": 8, "max_length": 10}"#.utf8),
            to: path + "/preprocessor_config.json")
        let labeler = try SoundLabeler(path: path)
        func row(sampleCount: Int) throws -> TaskRun.ObservedRow {
            var run = TaskRun(observing: AttentionSelection(layers: [1]))
            let samples = (0..<sampleCount).map { sin(Float($0) / 5) }
            _ = try labeler.label(try Sound(samples, sampleRate: 16_000), in: &run)
            return try #require(run.attentions.first)
        }
        // Five of ten frames: two of three columns of patches, of three rows, behind two vectors of the whole.
        let short = try row(sampleCount: 400 + 4 * 160)
        let kept = [0, 1, 2, 3, 5, 6, 8, 9]
        #expect(short.soundPlaces == kept && short.silentCount == 3 && short.pieces.count == 11)
        let trace = try ModelTrace(name: "ast", short)
        let text = trace.sequences[0]
        #expect(text.pieces == kept.map { short.pieces[$0] } && text.omittedCount == 3)
        let values = short.layers[0].weights.values
        let expected: [Float] = (0..<2).flatMap { head in
            kept.flatMap { query in kept.map { values[(head * 11 + query) * 11 + $0] } }
        }
        #expect(values.count == 2 * 11 * 11 && trace.attention[0].weights == expected)
        let picture = try #require(text.picture)
        #expect(picture.rowCount == 3 && picture.columnCount == 2 && picture.rowOrder == .upwards)
        #expect(picture.width == 6 && picture.height == 8 && picture.seconds == 0.06)
        #expect(try trace.omission(of: .encoder)?.hasPrefix("The last 3 of 11 places") == true)
        // One that fills it is shown as it is.
        let whole = try ModelTrace(name: "ast", try row(sampleCount: 3200)).sequences[0]
        #expect(whole.pieces.count == 11 && whole.omittedCount == 0 && whole.picture?.seconds == 0.1)
    }

    /// Attention that moves forward alone, and such that leaves out what matters little, are traced as any other is.
    @Test(arguments: ["monotonic_soft", "mocha"]) func monotonicAttention(_ attention: String) throws {
        let tokenizer = try ModelFolder.tiny().tokenizer
        var sizes = RecurrentTranslatorConfiguration()
        (sizes.embeddingSize, sizes.hiddenSize, sizes.vocabularySize) = (8, 8, tokenizer.count)
        sizes.attention = attention
        let configuration = ModelConfiguration(name: attention, architecture: sizes)
        let trace = try Translator(
            folder: ModelFolder(
                configuration: configuration, tokenizer: tokenizer,
                model: try configuration.makeModel(key: RandomKey(seed: 3)))
        ).trace("the quick fox")
        let rows = try trace.map(of: .cross).weights[0][0]
        #expect(trace.attention.map(\.kind) == [.cross] && !rows.isEmpty)
        #expect(rows.allSatisfy { $0.reduce(0, +) <= 1.0001 } && rows.joined().contains { $0 > 0 })
    }

    @Test func sparseAttention() throws {
        let tiny = try ModelFolder.tiny()
        var sizes = TransformerConfiguration()
        (sizes.modelSize, sizes.headCount, sizes.feedForwardSize) = (8, 2, 8)
        (sizes.encoderLayerCount, sizes.decoderLayerCount) = (1, 1)
        sizes.vocabularySize = tiny.tokenizer.count
        sizes.crossNormalizer = "sparsemax"
        let configuration = ModelConfiguration(name: "sparse", architecture: sizes)
        let trace = try Translator(
            folder: ModelFolder(
                configuration: configuration, tokenizer: tiny.tokenizer,
                model: try configuration.makeModel(key: RandomKey(seed: 1)))
        ).trace("the quick fox")
        let rows = try trace.map(of: .cross).weights.joined().joined()
        #expect(rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
    }
}
