import Attention
import Foundation
import Testing

private let fixtures =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/AttentionModelsTests/Fixtures/"

/// A folder of one's own with these files.
private func withFolder<Result>(_ files: [String: [UInt8]], _ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "translator-" + UUID().uuidString
    try Directory.create(path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (name, bytes) in files { try AtomicFile.write(bytes, to: path + "/" + name) }
    return try body(path)
}

private func complaint(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch { return "\(error)" }
}

/// What the model itself gives, without guards and splitting.
private let plain: TranslationOptions = {
    var options = TranslationOptions(beamSize: 1)
    (options.splitting, options.isGuarded) = (.none, false)
    return options
}()

/// Models in Marian's container, as a translator; `scripts/make-marian-fixtures.py` made them.
@Suite struct FirefoxFolderTests {
    private struct Case: Decodable {
        let text: String
        let translation: String
        let logProbability: Double
        let shortGreedy: [Int]
        let shortLogProbability: Double
    }

    private static func cases(_ name: String) throws -> [Case] {
        struct File: Decodable { let cases: [Case] }
        return try JSONDecoder().decode(
            File.self,
            from: Data(FileContents.read(fixtures + "Marian/\(name == "npz" ? "attention" : name)/case.json"))
        ).cases
    }

    @Test(arguments: ["ssru", "attention", "npz"]) func translationsAreTheReferences(_ name: String) throws {
        let translator = try Translator(path: fixtures + "Marian/" + name)
        let cases = try Self.cases(name)
        let found = try translator.translate(cases.map(\.text), options: plain).map { $0[0] }
        for (expected, translation) in zip(cases, found) {
            #expect(translation.text == expected.translation)
            #expect(abs(translation.logProbability - expected.logProbability) < 1e-4)
            let alone = try translator.translate([expected.text], options: plain)[0][0]
            #expect(alone.text == translation.text)
        }
        // The folder's own settings: a beam of one, at most 2.5 times as many pieces, the first head of the last layer.
        #expect(translator.model.search.beamSize == 1)
        #expect(translator.model.form.stepLimit == LengthLimit(absolute: 0, perSourceToken: 2.5))
        #expect(translator.model.alignment == HeadIndex(layer: 1, head: 0))
        let map = try #require(found[0].alignment)
        #expect(map.source == ["the", "house", "is", "small"])
    }

    @Test(arguments: ["ssru", "attention"]) func shortlistsAreTheReferences(_ name: String) throws {
        var choice = TranslatorChoice()
        choice.usesShortlist = true
        let translator = try Translator(path: fixtures + "Marian/" + name, choice: choice)
        let cases = try Self.cases(name)
        // Side by side, each sentence keeps its own list.
        for (expected, found) in zip(cases, try translator.translate(cases.map(\.text), options: plain)) {
            #expect(found[0].text == translator.model.writer.decode(expected.shortGreedy))
            #expect(abs(found[0].logProbability - expected.shortLogProbability) < 1e-4)
        }
    }

    @Test func integersSayNearlyTheSame() throws {
        let translator = try Translator(path: fixtures + "Marian/ssru")
        let texts = try Self.cases("ssru").map(\.text)
        let whole = try withPrecision(.int8) { try translator.translate(texts, options: plain) }
        #expect(whole.allSatisfy { $0[0].logProbability.isFinite })
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let folder = fixtures + "Marian/ssru/"
        let model = try FileContents.read(folder + "model.xxyy.intgemm.alphas.bin")
        let pieces = try FileContents.read(folder + "vocab.xxyy.spm")
        var choice = TranslatorChoice()
        choice.usesShortlist = true
        try withFolder(["model.a.bin": model, "vocab.a.spm": pieces]) { path in
            #expect(complaint { _ = try Translator(path: path) } == "")
            #expect(
                complaint { _ = try Translator(path: path, choice: choice) }
                    == "model: expected a lexical shortlist, lex.*.bin, in \(path), found none; translate without --shortlist"
            )
            var languages = TranslatorChoice()
            languages.target = "fr"
            #expect(
                complaint { _ = try Translator(path: path, choice: languages) }
                    == "model: expected a model with a choice of languages or tasks in \(path), found one that has none; "
                    + "leave --from, --to and --prompt out")
        }
        try withFolder(["model.a.bin": model, "model.b.bin": model, "vocab.a.spm": pieces]) { path in
            #expect(
                complaint { _ = try Translator(path: path) }
                    == "model: expected one model.*.bin or model.npz in \(path), found model.a.bin, model.b.bin")
        }
        try withFolder(["model.a.bin": model, "vocab.a.spm": pieces, "config.yml": Array("beam-size: many\n".utf8)]) {
            path in
            #expect(
                complaint { _ = try Translator(path: path) }
                    == "model: expected beam-size of 1 to 200 in \(path)/config.yml, found many")
        }
        try withFolder(["model.a.bin": Array(model[..<1000]), "vocab.a.spm": pieces]) { path in
            #expect(complaint { _ = try Translator(path: path) }.hasPrefix("marian: expected "))
        }
        let other = try FileContents.read(fixtures + "Marian/attention/lex.xxyy.s2t.bin")
        var damaged = other
        damaged[0] = 1
        try withFolder(["model.a.bin": model, "vocab.a.spm": pieces, "lex.a.bin": damaged]) { path in
            #expect(
                complaint { _ = try Translator(path: path, choice: choice) }.hasPrefix(
                    "shortlist: expected the magic number"))
        }
    }
}

/// Folders as transformers writes them, as translators.
@Suite struct PretrainedTranslatorTests {
    /// The pieces of a SentencePiece model that the tiny models have room for, numbered anew.
    private static func vocabulary(_ special: [Int: String], count: Int) throws -> (pieces: [UInt8], json: [UInt8]) {
        let bytes = try FileContents.read(fixtures + "Marian/ssru/vocab.xxyy.spm")
        let tokenizer = try Tokenizer(sentencePiece: bytes)
        var rest = (2..<tokenizer.count).compactMap { tokenizer.piece(of: $0) }[...]
        var members: [String] = []
        for id in 0..<count {
            let piece = special[id] ?? rest.removeFirst()
            members.append("\"\(piece)\": \(id)")
        }
        return (bytes, Array("{\(members.joined(separator: ", "))}".utf8))
    }

    private static func files(_ name: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for file in ["config.json", "generation_config.json", "model.safetensors"] {
            files[file] = try FileContents.read(fixtures + "EncoderDecoders/\(name)/\(file)")
        }
        return files
    }

    /// The search by hand.
    private func search(
        _ model: some SequenceToSequence, _ source: [Int], start: [Int], end: Int, banned: Set<Int>, steps: Int
    ) throws -> [Int] {
        let state = try model.start(PaddedBatch([source], padding: 1))
        return try BeamSearch.greedy(tokens: TokenRules(endTokens: [end], bannedTokens: banned)).search(
            model, from: state, prompts: [start], stepLimits: [steps])[0][0].tokens
    }

    @Test func opus() throws {
        let (pieces, json) = try Self.vocabulary([0: "</s>", 1: "<unk>", 29: "<pad>"], count: 30)
        let files = try Self.files("marian").merging(
            ["source.spm": pieces, "target.spm": pieces, "vocab.json": json]) { $1 }
        try withFolder(files) { path in
            let translator = try Translator(path: path)
            let ids = translator.model.reader.encode("the house", addingSpecialTokens: false).ids
            #expect(!ids.isEmpty && ids.allSatisfy { $0 < 29 })
            #expect(try Tokenizer(folder: path).encode("the house", addingSpecialTokens: false).ids == ids)
            #expect(try Tokenizer(json: translator.model.reader.json()).encode("the house").ids == ids)
            #expect(translator.model.form.start == [29] && translator.model.form.behind == [0])
            let tokens = try search(
                translator.model.model, ids + [0], start: [29], end: 0, banned: [29],
                steps: min(10 + 2 * (ids.count + 1), 16))
            let found = try translator.translate(["the house"], options: plain)[0][0]
            #expect(found.text == translator.model.writer.decode(tokens))
            var choice = TranslatorChoice()
            choice.target = "fra"
            #expect(complaint { _ = try Translator(path: path, choice: choice) }.contains("leave --from, --to"))
        }
        let (_, several) = try Self.vocabulary(
            [0: "</s>", 1: "<unk>", 2: ">>fra<<", 3: ">>ron<<", 29: "<pad>"], count: 30)
        try withFolder(files.merging(["vocab.json": several]) { $1 }) { path in
            #expect(
                complaint { _ = try Translator(path: path) }
                    == "model: expected --to for \(path), since it translates into fra, ron")
            var choice = TranslatorChoice()
            choice.target = "ron"
            let form = try Translator(path: path, choice: choice).model.form
            #expect(form.before == [3])
            choice.target = "deu"
            #expect(
                complaint { _ = try Translator(path: path, choice: choice) }
                    == "model: expected one of fra, ron as --to for \(path), found deu")
        }
    }

    @Test func languagesByPieces() throws {
        let (pieces, json) = try Self.vocabulary([0: "<s>", 1: "<pad>", 2: "</s>", 3: "<unk>"], count: 28)
        let files = try Self.files("m2m_100").merging([
            "sentencepiece.bpe.model": pieces, "vocab.json": json,
            "special_tokens_map.json": Array("{\"additional_special_tokens\": [\"__en__\", \"__fr__\"]}".utf8),
        ]) { $1 }
        try withFolder(files) { path in
            #expect(
                complaint { _ = try Translator(path: path) }
                    == "model: expected --from for \(path), since it knows en, fr")
            var choice = TranslatorChoice()
            (choice.source, choice.target) = ("en", "fr")
            let translator = try Translator(path: path, choice: choice)
            #expect(translator.model.form.before == [28] && translator.model.form.start == [2, 29])
            let ids = translator.model.reader.encode("the house", addingSpecialTokens: false).ids
            let tokens = try search(
                translator.model.model, [28] + ids + [2], start: [2, 29], end: 2, banned: [1, 28, 29],
                steps: min(10 + 2 * (ids.count + 2), 15))
            let found = try translator.translate(["the house"], options: plain)[0][0]
            #expect(found.text == translator.model.writer.decode(tokens))
            #expect(found.alignment?.source == ["the", "house"])
        }
    }

    @Test func tasksInWords() throws {
        let words = ["<pad>", "</s>", "<unk>", "say", "it", "the", "house"] + (7..<30).map { "w\($0)" }
        let members = words.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let json = """
            {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
             "decoder": null, "model": {"type": "WordLevel", "vocab": {\(members)}, "unk_token": "<unk>"}}
            """
        let files = try Self.files("t5").merging(["tokenizer.json": Array(json.utf8)]) { $1 }
        try withFolder(files) { path in
            #expect(
                complaint { _ = try Translator(path: path) }
                    == "model: expected --prompt, or --from and --to for \(path), since it has many tasks")
            var choice = TranslatorChoice()
            choice.prompt = "say it"
            let translator = try Translator(path: path, choice: choice)
            let tokens = try search(
                translator.model.model, [3, 4, 5, 6, 1], start: [0], end: 1, banned: [0], steps: 20)
            let found = try translator.translate(["the house"], options: plain)[0][0]
            #expect(found.text == translator.model.writer.decode(tokens))
        }
    }

    @Test func otherTasksAreNoTranslators() throws {
        #expect(
            complaint { _ = try Translator(path: fixtures + "Pretrained/bert") }.hasPrefix(
                "model: expected a model with a translator in "))
    }
}
