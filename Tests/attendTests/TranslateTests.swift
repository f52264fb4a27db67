import Foundation
import Testing

@Suite struct TranslateTests {
    private var model: String { get throws { try TinyModel.folder.get().path } }

    @Test func sentencesAndTheirPicture() throws {
        let command = try Command.run("translate", "we like birds .", "--model", model)
        #expect(command.status == 0, "\(command.errors)")
        let lines = command.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "nous oiseaux aime .")
        for word in ["we", "like", "birds", "nous", "oiseaux", "aime"] { #expect(command.output.contains(word)) }
        #expect(lines.count > 6)
        #expect(command.errors.isEmpty)
    }

    @Test func linesInLinesOut() throws {
        let command = try Command.run(
            "translate", "--model", model, input: Data("they hear dogs .\n\nI see trains .".utf8))
        #expect(command.output == "ils chiens entends .\n\nje trains vois .\n")
        #expect(command.status == 0)
    }

    @Test func blankLinesAndSpace() throws {
        let command = try Command.run(
            "translate", "--model", model, input: Data("  \n\u{3000}\n  we\tlike\u{A0}birds . \n".utf8))
        #expect(command.output == "\n\nnous oiseaux aime .\n")
        #expect(command.status == 0)
    }

    @Test func answersStayInStep() throws {
        let input = Data("we like birds .\n\n".utf8) + Data([0xFF, 0x0A])
        let command = try Command.run("translate", "--model", model, "--n-best", "3", input: input)
        #expect(command.output.filter { $0 == "\n" }.count == 9)
        #expect(command.status == 65)
    }

    @Test func controlPiecesInTextAreText() throws {
        let command = try Command.run("translate", "--model", model, "--json", "--no-guards", "</s>")
        #expect(command.status == 0)
        #expect(command.output.contains("\"source\":\"</s>\""))
        #expect(!command.output.contains("\"sourceWords\":[]"))
    }

    @Test func wholeFilesKeepTheirLayout() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write("we like birds .\n\n  - they hear dogs . I see trains .\r\n", to: "a.txt")
        let second = try folder.write("we like birds .", to: "b.txt")
        let expected = "nous oiseaux aime .\n\n  - ils chiens entends . je trains vois .\r\n"
        let shown = try Command.run("translate", "--model", model, "--file", first)
        #expect(shown.output == expected)
        let written = try Command.run(
            "translate", "--model", model, "--file", first, second, "--output", folder.path("out"))
        #expect(written.status == 0 && written.output.isEmpty, "\(written.errors)")
        #expect(try String(contentsOfFile: folder.path("out/a.txt"), encoding: .utf8) == expected)
        #expect(try String(contentsOfFile: folder.path("out/b.txt"), encoding: .utf8) == "nous oiseaux aime .")
        let before = try String(contentsOfFile: first, encoding: .utf8)
        for output in [first, folder.root] {
            let over = try Command.run("translate", "--model", model, "--file", first, "--output", output)
            #expect(over.status == 64, "\(over)")
            #expect(
                over.errors.contains("--output: expected other files than those of --file, found "), "\(over.errors)")
        }
        #expect(try String(contentsOfFile: first, encoding: .utf8) == before)
        let single = try Command.run("translate", "--model", model, "--file", second, "--output", folder.path("c.txt"))
        #expect(single.status == 0)
        #expect(try String(contentsOfFile: folder.path("c.txt"), encoding: .utf8) == "nous oiseaux aime .")
    }

    @Test func whatIsWrongWithFiles() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("we like birds .", to: "a.txt")
        let both = try Command.run("translate", "we", "--model", model, "--file", path)
        #expect(both.status == 64 && both.errors.contains("--file: expected either files or TEXT, found both"))
        let alone = try Command.run("translate", "we", "--model", model, "--output", path)
        #expect(alone.status == 64 && alone.errors.contains("--output: expected --file to say what is translated"))
        let missing = try Command.run("translate", "--model", model, "--file", folder.path("none.txt"), path)
        #expect(missing.status == 65 && missing.output == "nous oiseaux aime .\n")
        let meant = try Command.run("translate", path, "--model", model, "--no-picture")
        #expect(meant.errors.contains("to translate what is in it: --file \(path)"))
    }

    @Test func sentencesHaveTheirPlaces() throws {
        let command = try Command.run("translate", "--model", model, "--json", " we like birds .  I see trains .")
        let object = try #require(JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        #expect(object["text"] as? String == " nous oiseaux aime .  je trains vois .")
        let sentences = try #require(object["sentences"] as? [[String: Any]])
        #expect(sentences.map { $0["sourceRange"] as? [Int] } == [[1, 16], [18, 32]])
        #expect(sentences.map { $0["targetRange"] as? [Int] } == [[1, 20], [22, 38]])
        #expect((object["alignment"] as? [[Double]])?.count == 8)
    }

    @Test func longSentencesAreCutAndLongWordsLeft() throws {
        let long = [String](repeating: "we like birds ,", count: 60).joined(separator: " ")
        let cut = try Command.run("translate", "--model", model, "--no-picture", "--no-guards", long)
        #expect(
            cut.status == 0
                && cut.errors.contains("a sentence longer than the model reads well was translated in parts"))
        #expect(cut.output.split(separator: " ").count > 10)
        let word = String(repeating: "w", count: 3000)
        let left = try Command.run("translate", "--model", model, "--no-picture", word)
        #expect(left.status == 0 && left.output == word + "\n")
        #expect(left.errors.contains("longer than the model reads and without a space; left as it is"))
        let whole = try Command.run("translate", "--model", model, "--no-picture", "--split", "none", word)
        #expect(whole.status == 65 && whole.output.isEmpty)
    }

    @Test func guardsCarryOver() throws {
        let command = try Command.run("translate", "--model", model, "--json", "we like https://example.com/a_b .")
        let object = try #require(JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        #expect((object["text"] as? String)?.contains("https://example.com/a_b") == true)
        #expect((object["guards"] as? [String])?.isEmpty == false)
        let bare = try Command.run(
            "translate", "--model", model, "--json", "--no-guards", "we like https://example.com/a_b .")
        #expect(!bare.output.contains("\"guards\""))
    }

    @Test func batchOfOneAndOfMany() throws {
        let texts = TinyModel.pairs.prefix(9).map { String($0.split(separator: "\t")[0]) }
        let together = try Command.run(["translate", "--no-picture", "--model", model] + texts)
        let alone = try texts.map { try Command.run("translate", "--no-picture", "--model", model, $0).output }
        #expect(together.output == alone.joined())
    }

    @Test func manyLinesAreAnsweredInOrder() throws {
        let sources = TinyModel.pairs.map { String($0.split(separator: "\t")[0]) }
        var texts: [String] = []
        for index in 0..<100 {
            let second = index % 3 == 0 ? " " + sources[index % 48] : ""
            texts.append(index % 7 == 3 ? "" : sources[index * 5 % 48] + second)
        }
        var input = Data(texts.map { $0 + "\n" }.joined().utf8)
        input.append(contentsOf: [0xFF, 0x0A])
        input.append(contentsOf: Array("we like birds .".utf8))
        let piped = try Command.run("translate", "--model", try model, input: input)
        let alone = try Command.run(
            ["translate", "--no-picture", "--model", model] + texts.map { $0.isEmpty ? " " : $0 })
        let lines = alone.output.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.allSatisfy(\.isWhitespace) ? "" : String($0)
        }
        #expect(piped.output == (lines.dropLast() + ["", "nous oiseaux aime ."]).joined(separator: "\n") + "\n")
        #expect(piped.status == 65 && piped.errors.contains("line 101: "))
    }

    /// Of lines that were read together, only those at fault have no answer.
    @Test func aLineThatIsTooLongSpoilsNoOther() throws {
        let input = "we like birds .\n" + String(repeating: "birds ", count: 600) + "\nI see trains .\n"
        let command = try Command.run("translate", "--split", "none", "--model", try model, input: Data(input.utf8))
        #expect(command.output == "nous oiseaux aime .\n\nje trains vois .\n")
        #expect(command.status == 65)
        #expect(
            command.errors.hasPrefix("attend: line 2: translate: expected a sentence of at most "), "\(command.errors)")
    }

    @Test func aPipeIsAnsweredAsItComes() throws {
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["translate", "--model", try model]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        for (source, target) in [
            ("we like birds .\n", "nous oiseaux aime .\n"), ("I see trains .\n", "je trains vois .\n"),
        ] {
            try input.fileHandleForWriting.write(contentsOf: Data(source.utf8))
            var answer = Data()
            while answer.count < target.utf8.count {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                answer += more
            }
            #expect(String(decoding: answer, as: UTF8.self) == target)
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func searchOptions() throws {
        let model = try model
        func translated(_ options: String...) throws -> Command {
            try Command.run(["translate", "--model", model, "--json", "--no-guards", "we like birds ."] + options)
        }
        let plain = try translated()
        #expect(plain.status == 0)
        #expect(try translated("--length-penalty", "1", "--coverage-penalty", "0").output == plain.output)
        #expect(try translated("--coverage-penalty", "0.5").output != plain.output)
        #expect(try translated("--length-penalty", "0").output != plain.output)
        let repeated = try Command.run(
            "translate", "--model", model, "--no-picture", "--no-guards", "--repetition-block", "1",
            "we like birds , we like birds .")
        let words = repeated.output.split(whereSeparator: \.isWhitespace)
        #expect(repeated.status == 0 && Set(words).count == words.count, "\(repeated.output)")
    }

    @Test(arguments: ["exact", "float32", "bfloat16", "int8"])
    func everyPrecision(_ precision: String) throws {
        let command = try Command.run("translate", "we like birds .", "--model", model, "--precision", precision)
        #expect(command.output.hasPrefix("nous oiseaux aime .\n"))
    }

    @Test func hardAlignmentAndHypotheses() throws {
        let command = try Command.run(
            "translate", "we like birds .", "--model", model, "--alignment", "hard", "--n-best", "3")
        let lines = command.output.split(separator: "\n")
        #expect(lines.count == 6)
        let links = try #require(lines.dropFirst().first).split(separator: " ")
        #expect(links.allSatisfy { $0.split(separator: "-").compactMap { Int($0) }.count == 2 })
    }

    @Test func json() throws {
        let command = try Command.run("translate", "we like birds .", "--model", model, "--json")
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        #expect(object["text"] as? String == "nous oiseaux aime .")
        let rows = try #require(object["alignment"] as? [[Double]])
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == 4 })
    }

    @Test func heatmapFiles() throws {
        let folder = try TemporaryFolder()
        for ending in ["svg", "html", "json"] {
            let path = folder.path("map." + ending)
            let command = try Command.run("translate", "we like birds .", "--model", model, "--heatmap", path)
            #expect(command.status == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("oiseaux"))
        }
    }

    @Test func wrongOptionsAreUsageErrors() throws {
        for (arguments, sentence) in [
            (["--beam", "0"], "--beam: expected 1 to 200, found 0"),
            (["--length-penalty", "nan"], "--length-penalty: expected -10 to 10, found nan"),
            (["--coverage-penalty=-1"], "--coverage-penalty: expected 0 to 100, found -1"),
            (["--repetition-block", "0"], "--repetition-block: expected 1 to 1000, found 0"),
            (["--beam", "5", "--n-best", "6"], "--n-best: expected 1 to the beam of 5, found 6"),
            (["--heatmap", "map.pdf"], "--heatmap: expected a file ending in .svg, .html or .json, found map.pdf"),
            (["--threads", "0"], "--threads: expected 1 to 1024, found 0"),
            (["--precision", "in8"], "Please provide one of 'exact', 'float32', 'bfloat16' or 'int8'"),
            (["--no-such-option"], "Unknown option '--no-such-option'"),
        ] {
            let command = try Command.run(["translate", "a"] + arguments)
            #expect(command.status == 64)
            #expect(command.errors.contains(sentence), "\(command.errors)")
            #expect(command.output.isEmpty)
        }
    }

    @Test func wrongModelsAreDataErrors() throws {
        let folder = try TemporaryFolder()
        let missing = try Command.run("translate", "a", "--model", folder.path("nothing"))
        #expect(missing.status == 65)
        #expect(missing.errors.contains("expected a folder with config.json, model.safetensors and tokenizer.json"))

        try FileManager.default.copyItem(atPath: model, toPath: folder.path("truncated"))
        let weights = folder.path("truncated/model.safetensors")
        try Data(contentsOf: URL(fileURLWithPath: weights)).dropLast(100).write(to: URL(fileURLWithPath: weights))
        let truncated = try Command.run("translate", "a", "--model", folder.path("truncated"))
        #expect(truncated.status == 65)
        #expect(truncated.errors.contains("model.safetensors"))

        try FileManager.default.copyItem(atPath: model, toPath: folder.path("misshapen"))
        let configuration = folder.path("misshapen/config.json")
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "\"feedForwardSize\" : 64", with: "\"feedForwardSize\" : 65").utf8)
            .write(to: URL(fileURLWithPath: configuration))
        let misshapen = try Command.run("translate", "a", "--model", folder.path("misshapen"))
        #expect(misshapen.status == 65)
        #expect(misshapen.errors.contains("expected [65, 32], found [64, 32]"), "\(misshapen.errors)")
    }

    @Test func badLinesAreAnsweredAndCounted() throws {
        var input = Data("we like birds .\n".utf8)
        input += Data([0x66, 0xFF, 0x66, 0x0A])
        input += Data(String(repeating: "birds ", count: 600).utf8) + Data("\nI see trains .\n".utf8)
        let command = try Command.run("translate", "--model", model, input: input)
        let lines = command.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.count == 5 && lines[0] == "nous oiseaux aime ." && lines[1] == "" && lines[3] == "je trains vois .")
        #expect(lines[2].contains("oiseau"))
        #expect(command.status == 65)
        #expect(command.errors.contains("line 2:"))
        #expect(command.errors.contains("line 3: a sentence longer than the model reads well was translated in parts"))
    }

    @Test func markupIsKept() throws {
        let model = try TinyModel.folder.get().path
        let html = "<p>we <b>like</b> birds .</p><script>1 < 2</script>"
        let given = try Command.run("translate", "--model", model, "--markup", "html", html)
        #expect(given.status == 0, "\(given.errors)")
        #expect(given.output.hasPrefix("<p>") && given.output.hasSuffix("</p><script>1 < 2</script>\n"))
        #expect(given.output.contains("<b>aime</b>"), "\(given.output)")
        // Line by line, and from a file, it is the same.
        let lines = try Command.run(
            ["translate", "--model", model, "--markup", "html"], input: Data((html + "\n").utf8))
        #expect(lines.output == given.output)
        let bad = try Command.run(
            ["translate", "--model", model, "--markup", "html"], input: Data([0xE9, 0x0A]) + Data((html + "\n").utf8))
        #expect(bad.status == 65 && bad.output == "\n" + given.output, "\(bad)")
        #expect(bad.errors.hasPrefix("attend: line 1: "), "\(bad.errors)")
        let folder = try TemporaryFolder()
        let file = try folder.write(html + "\n", to: "page.html")
        #expect(
            try Command.run("translate", "--model", model, "--markup", "html", "--file", file).output == given.output)
        let xml = try Command.run(
            "translate", "--model", model, "--markup", "xml", "<r><s>we <B>like</B> birds .</s><t/></r>")
        #expect(
            xml.output.hasPrefix("<r><s>") && xml.output.hasSuffix("</s><t/></r>\n")
                && xml.output.contains("<B>aime</B>"))
        let both = try Command.run("translate", "--model", model, "--markup", "html", "--json", "x")
        #expect(both.status == 64 && both.errors.contains("--markup html: expected nothing but the text"))
    }
}
