import AttentionFiles
import Foundation
import Testing

/// `attend generate` and `attend score`, run as processes on the tiny folder of the tasks' tests.
@Suite struct GenerateTests {
    private static let model = TaskCommandTests.root + "continuations"

    @Test func textTokensAndFilesGiveTheSame() throws {
        let options = ["--model", Self.model, "--max-new-tokens", "5", "--json"]
        let fromText = try Command.run(["generate", "The cat sleeps"] + options)
        #expect(fromText.status == 0, "\(fromText.errors)")
        #expect(fromText.output.hasPrefix(#"{"scores":[-13.07"#), "\(fromText.output)")
        #expect(fromText.output.contains(#""sequences":[[122,35,234,265,122]],"texts":["#))
        let fromTokens = try Command.run(["generate", "--input-ids", "259,271,279"] + options)
        #expect(fromTokens.output == fromText.output)
        let fromLines = try Command.run(["generate"] + options, input: Data("The cat sleeps\nsun\n".utf8))
        #expect(fromLines.output.split(separator: "\n").count == 2)
        #expect(fromLines.output.hasPrefix(fromText.output))
    }

    @Test func textAppearsAsItIsWritten() throws {
        let found = try Command.run(
            "generate", "The cat sleeps", "--model", Self.model, "--max-new-tokens", "4", "--stop", "ee")
        #expect(found.status == 0 && found.output == "\u{FFFD}C\u{FFFD}l\n", "\(found.errors)")
    }

    /// The page of what a beam wrote, and the text beside it.
    @Test func whereItLookedIsDrawn() throws {
        let folder = try TemporaryFolder()
        let options = ["generate", "The cat sleeps", "--model", Self.model, "--max-new-tokens", "5"]
        let (plain, page) = (try Command.run(options + ["--beam", "3"]), folder.path("page.html"))
        let drawn = try Command.run(options + ["--beam", "3", "--heatmap", page])
        #expect(drawn.status == 0 && drawn.output == plain.output, "\(drawn.errors)")
        func text(_ path: String) throws -> String { String(decoding: try FileContents.read(path), as: UTF8.self) }
        #expect(try text(page).contains("\"beam\":{\"first\":3,"))
        #expect(try Command.run(options + ["--heatmap", page]).status == 0)
        #expect(try text(page).contains("\"beam\":null"))
        for ending in ["svg", "json"] {
            #expect(try Command.run(options + ["--beam", "2", "--heatmap", folder.path("x." + ending)]).status == 0)
        }
        #expect(try text(folder.path("x.svg")).hasPrefix("<svg "))
        let nothing = try Command.run("generate", "--input-ids", "259", "--model", Self.model, "--heatmap", page)
        #expect(nothing.status == 64 && nothing.errors.contains("--heatmap: expected PROMPT for one file"))
        let gif = try Command.run(options + ["--heatmap", "x.gif"])
        #expect(gif.status == 64 && gif.errors.contains("expected a file ending in .svg, .html or .json"))
    }

    /// Nothing waits for a word that never comes.
    @Test func aStopWordThatNeverComesChangesNothing() throws {
        let options = ["generate", "The cat sleeps", "--model", Self.model, "--max-new-tokens", "12"]
        let plain = try Command.run(options)
        #expect(plain.status == 0 && plain.output.count > 6, "\(plain.errors)")
        for word in ["never", String(plain.output.prefix(3)) + "never", "\u{FFFD}\u{FFFD}\u{FFFD}never"] {
            let found = try Command.run(options + ["--stop", word])
            #expect(
                found.status == 0 && found.output == plain.output && found.errors.isEmpty, "\(word) \(found.errors)")
        }
    }

    /// Beams whose continuations are drawn.
    @Test func beamsCanBeDrawn() throws {
        let options = [
            "generate", "--input-ids", "259", "--model", Self.model, "--json", "--max-new-tokens", "9", "--beam", "3",
            "--sample",
        ]
        func draw(_ more: String...) throws -> String {
            let found = try Command.run(options + more)
            #expect(found.status == 0, "\(found.errors)")
            return found.output
        }
        #expect(try draw("--temperature", "2", "--seed", "1") == draw("--temperature", "2", "--seed", "1"))
        #expect(try draw("--temperature", "2", "--seed", "1") != draw("--temperature", "2", "--seed", "2"))
        #expect(try draw("--temperature", "0") == Command.run(options.dropLast() + ["--no-sample"]).output)
    }

    @Test func everySettingIsTaken() throws {
        let found = try Command.run(
            "generate", "--input-ids", "259", "--model", Self.model, "--json", "--ignore-generation-config", "--eos",
            "none",
            "--beam", "3", "--length-penalty", "0.5", "--early-stopping", "never", "--no-repeat-ngram", "2",
            "--repetition-penalty", "1.2", "--min-new-tokens", "2", "--return", "3", "--max-new-tokens", "6")
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.output.split(separator: "],[").count == 3, "\(found.output)")
        let drawn = ["generate", "--input-ids", "259", "--model", Self.model, "--json", "--max-new-tokens", "9"]
        func draw(_ seed: Int) throws -> String {
            try Command.run(
                drawn + ["--sample", "--temperature", "1.5", "--top-p", "0.9", "--min-p", "0.01", "--seed", "\(seed)"]
            )
            .output
        }
        #expect(try draw(1) == draw(1))
        #expect(try draw(1) != draw(2))
    }

    /// The part of an answer that says which tokens were written. Scores of the same tokens read together may differ in the last digit.
    private func sequences(_ answer: String) -> [Substring] {
        answer.split(separator: "\n").compactMap { $0.split(separator: #""sequences":"#).last }
    }

    /// What is read ahead changes the time and nothing else.
    @Test func readingAheadWritesTheSame() throws {
        let options = ["--model", Self.model, "--max-new-tokens", "12", "--json", "--precision", "exact"]
        let lines = Data("The cat sleeps\nThe sun\n".utf8)
        let plain = try Command.run(["generate"] + options, input: lines)
        let expected = sequences(plain.output)
        #expect(plain.status == 0 && expected.count == 2, "\(plain.errors)")
        for ahead in [
            ["--prompt-lookup", "4"], ["--draft-model", Self.model], ["--beginning", ""],
            ["--draft-model", Self.model, "--sample", "--temperature", "0"],
        ] {
            let found = try Command.run(["generate"] + options + ahead, input: lines)
            #expect(sequences(found.output) == expected, "\(ahead): \(found.errors)")
        }
        let rest = Data(" cat sleeps\n sun\n".utf8)
        for ahead in [[], ["--prompt-lookup", "4"]] {
            let found = try Command.run(["generate", "--beginning", "The"] + options + ahead, input: rest)
            #expect(sequences(found.output) == expected, "\(ahead): \(found.errors)")
        }
    }

    @Test func memoryMayBeKeptInFewerBits() throws {
        func score(_ more: String...) throws -> Double {
            let found = try Command.run(["score", "The cat sleeps in the sun", "--model", Self.model] + more)
            #expect(found.status == 0, "\(found.errors)")
            return try #require(Double(found.output.prefix { $0 != "\t" }))
        }
        let exact = try score()
        for format in ["bfloat16", "int8"] {
            let rounded = try score("--cache", format)
            #expect(rounded != exact && abs(rounded - exact) < 0.01 * abs(exact))
        }
        let found = try Command.run(
            "generate", "--input-ids", "259", "--model", Self.model, "--cache", "bfloat16", "--max-new-tokens", "4")
        #expect(found.status == 0 && !found.output.isEmpty, "\(found.errors)")
        let ablated = try Command.run(
            "generate", "--input-ids", "259", "--model", Self.model, "--cache", "int8", "--ablate", "1.1")
        #expect(ablated.status == 0, "\(ablated.errors)")
        let apart = try Command.run(
            "generate", "--input-ids", "5", "--model",
            TaskCommandTests.root + "../../../AttentionModelsTests/Fixtures/EncoderDecoders/t5",
            "--cache", "int8")
        #expect(apart.status == 65)
        #expect(apart.errors.contains("a model that continues its prompt"), "\(apart.errors)")
    }

    @Test func scoresAreLines() throws {
        let found = try Command.run("score", "The cat sleeps", "sun", "--model", Self.model)
        #expect(found.status == 0, "\(found.errors)")
        let lines = found.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("-12.1961\t") && lines[0].hasSuffix("\t3"), "\(found.output)")
        let json = try Command.run("score", "--input-ids", "259,271,279", "--model", Self.model, "--json")
        #expect(json.output.contains(#""logProbabilities":[-5.637"#), "\(json.output)")
    }

    /// One token says nothing of a text, and what says nothing is no 0.
    @Test func nothingToScoreIsNoNumber() throws {
        let found = try Command.run("score", "--input-ids", "259", "--model", Self.model)
        #expect(found.status == 0 && found.output == "0\tnan\t1\n", "\(found)")
    }

    @Test(arguments: [["caption", "a"], ["summarize", "a"], ["evaluate", "summarization", "--test", "a"]])
    func oneTextIsWrittenOfEach(_ command: [String]) throws {
        let found = try Command.run(command + ["--model", Self.model, "--return", "3", "--beam", "3"])
        #expect(
            found.status == 64
                && found.errors.contains("--return: expected 1, since one text is written of each, found 3"),
            "\(found.errors)")
    }

    /// What a command does not do is no option of it.
    @Test(arguments: ["score", "summarize"])
    func onlyWhatIsDoneCanBeAsked(_ name: String) throws {
        for option in [["--adapter", "x"], ["--no-truncate"]] {
            let found = try Command.run([name, "--model", Self.model, "a"] + option)
            #expect(found.status == 64 && found.errors.contains("Unknown option '\(option[0])'"), "\(found.errors)")
        }
    }

    @Test func refusals() throws {
        for (arguments, status, sentence) in [
            (
                ["--input-ids", "1,x"], 64,
                "--input-ids: expected tokens with commas between them, such as 1,15,8, found 1,x"
            ),
            (["a", "--input-ids", "1"], 64, "expected one of PROMPT, --input-ids and --inputs, found 2"),
            (["a", "--beam", "0"], 64, "--beam: expected 1 to 200, found 0"),
            (["a", "--beam", "2", "--return", "3"], 64, "--return: expected at most the 2 of --beam, found 3"),
            (["a", "--beam", "100000"], 64, "--beam: expected 1 to 200, found 100000"),
            (["a", "--temperature", "nan"], 64, "--temperature: expected a number from 0 up, found nan"),
            (["a", "--top-p", "2"], 64, "--top-p: expected a share above 0 and at most 1, found 2.0"),
            (["a", "--typical-p", "0"], 64, "--typical-p: expected a share above 0 and at most 1, found 0.0"),
            (["a", "--min-p", "-1"], 64, "--min-p: expected a share of 0 to 1, found -1.0"),
            (["a", "--presence-penalty", "inf"], 64, "--presence-penalty: expected a finite number, found inf"),
            (["a", "--length-penalty", "nan"], 64, "--length-penalty: expected a finite number, found nan"),
            (
                ["a", "--min-new-tokens", "9", "--max-new-tokens", "3"], 64,
                "--min-new-tokens: expected at most the 3 of --max-new-tokens, found 9"
            ),
            (["a", "--row", "2"], 64, "--row: expected --inputs FILE beside it"),
            (
                ["--input-ids", "1", "--beginning", "The"], 64,
                "--beginning: expected texts that begin with it, found --input-ids"
            ),
            (
                ["a", "--decoder-input-ids", "3,4"], 65,
                "generate: expected nothing for a decoder to begin with, since the model in \(Self.model) continues what it reads, found 2 tokens; put them behind the others"
            ),
            (["--input-ids", "1", "--decoder-input-ids", "3"], 65, "expected nothing for a decoder to begin with"),
            (
                ["--input-ids", "259", "--forced-bos", "9999"], 65,
                "search: expected a token below the 280 of the vocabulary as forcedFirstToken, found 9999"
            ),
            (["--input-ids", "999"], 65, "999"),
            (["a", "--prompt-lookup", "0"], 64, "--prompt-lookup: expected 1 to 1024 tokens, found 0"),
            (
                ["a", "--prompt-lookup", "2", "--draft-model", Self.model], 64,
                "expected one of --draft-model and --prompt-lookup, found both"
            ),
            (["a", "--draft-model", "/nowhere"], 65, "/nowhere/config.json"),
            (["a", "--draft-model", TaskCommandTests.root + "words"], 65, "a model with a decoder that writes"),
            (
                ["a", "--return", "2"], 65,
                "search: expected 1 without beams or sampling, which find no second text, as returnCount, found 2"
            ),
        ] {
            let found = try Command.run(["generate", "--model", Self.model] + arguments)
            #expect(found.status == status && found.errors.contains(sentence), "\(found.status): \(found.errors)")
        }
        let long = try Command.run(
            "generate", "--model", Self.model, "--input-ids", "1" + String(repeating: ",1", count: 80))
        #expect(long.status == 65 && long.errors.contains("for which the model was made"), "\(long.errors)")
    }
}
