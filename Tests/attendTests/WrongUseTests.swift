import Foundation
import Glibc
import Testing

/// What people type by mistake: a sentence and the right exit code, whatever it is.
@Suite struct WrongUseTests {
    private var model: String { get throws { try TinyModel.folder.get().path } }

    @Test func resultsThatCannotBeWrittenAreErrors() throws {
        let model = try model
        let line = Data("we like birds .\nI see trains .\n".utf8)
        for arguments in [
            ["translate", "we like birds .", "--model", model], ["translate", "--model", model],
            ["model", "info", model],
            ["train", "translation", "--settings"], ["tokenize", "--model", model], ["--help"],
            ["--version"],
        ] {
            let command = try Command.run(arguments, input: line, output: "/dev/full")
            #expect(command.status == 65, "\(arguments)")
            #expect(
                command.errors
                    == "attend: save: could not write standard output: No space left on device; "
                    + "free some space there or save to another disk\n")
        }
    }

    @Test func theEnvironmentIsNotPassedOver() throws {
        for (variable, value, sentence) in [
            (
                "ATTENTION_THREADS", "abc",
                "expected a number from 1 to 1024, found \"abc\"; set it so, or leave it unset"
            ),
            ("ATTENTION_THREADS", "0", "expected a number from 1 to 1024, found \"0\""),
            ("ATTENTION_KERNELS", "foo", "expected kernels this CPU can run (scalar"),
            ("ATTENTION_KERNELS", "foo", ", found \"foo\"; set it so, or leave it unset"),
        ] {
            let command = try Command.run(["model", "info"], environment: [variable: value])
            #expect(command.status == 64)
            #expect(command.output.isEmpty)
            #expect(command.errors.contains(variable + ": ") && command.errors.contains(sentence), "\(command.errors)")
            #expect(try Command.run(["--version"], environment: [variable: value]).status == 0)
            #expect(try Command.run(["model", "info"], environment: [variable: ""]).status == 0)
        }
    }

    @Test func foldersThatAreNoModelsAreNotOverwritten() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("dear", to: "letter.txt")
        let refused = try Command.run("model", "convert", try model, "--output", folder.path(""))
        #expect(refused.status == 65)
        #expect(refused.errors.contains("found letter.txt; choose another folder"), "\(refused.errors)")
        let file = try Command.run("model", "convert", try model, "--output", folder.path("letter.txt"))
        #expect(file.status == 65)
        #expect(file.errors.contains("found a file; choose another folder"), "\(file.errors)")
        let nowhere = try Command.run("model", "convert", try model, "--output", "/proc/model")
        #expect(nowhere.status == 65)
        #expect(nowhere.errors.contains("save: could not write /proc/model: "), "\(nowhere.errors)")
        for _ in 0..<2 {
            #expect(try Command.run("model", "convert", try model, "--output", folder.path("half")).status == 0)
        }
        #expect(try Command.run("translate", "I see trains .", "--model", folder.path("half")).status == 0)
    }

    @Test func everyModelIsNamedInItsResult() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(TinyModel.pairs.prefix(3).joined(separator: "\n"), to: "three.tsv")
        let command = try Command.run(
            "evaluate", "translation", "--model", try model, "--model", try model + "/", "--test", data, "--json")
        let names = try command.output.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])["model"] as? String
        }
        #expect(names == [try model, try model + "/"])
    }

    @Test func wrongDataIs65() throws {
        let folder = try TemporaryFolder()
        let (empty, model) = (try folder.write("", to: "empty"), try model)
        let pairs = try folder.write("a\tb\n", to: "pairs.tsv")
        let binary = folder.path("binary")
        try Data([0x61, 0xFF, 0x09, 0x62]).write(to: URL(fileURLWithPath: binary))
        try FileManager.default.createDirectory(atPath: folder.path("broken"), withIntermediateDirectories: true)
        let broken =
            "model: " + (try folder.write("{,", to: "broken/config.json")) + ": expected a key in quotes at byte 1"
        for (arguments, sentence) in [
            (["model", "info", folder.path("broken")], broken), (["doctor", folder.path("broken")], broken),
            (["quantize", folder.path("broken"), "--bits", "8", "--output", folder.path("q")], broken),
            (["prune", folder.path("broken"), "--heads", "0.5", "--output", folder.path("q")], broken),
            (["inspect", "a", "--model", folder.path("broken")], broken),
            (
                ["model", "convert", TaskCommandTests.root + "vectors", "--output", folder.path("q")],
                "; attend quantize stores such models smaller"
            ),
            (["translate", "a", "--model", empty], "Not a directory; check the spelling of the path"),
            (["translate", "a", "--model", folder.root], "expected a folder with config.json"),
            (["translate", "a", "--heatmap", "/no/such/map.svg"], "create the directory first or save somewhere else"),
            (["evaluate", "translation", "--test", folder.root], "Is a directory; name a file inside that directory"),
            (["evaluate", "translation", "--test", empty], "found an empty file"),
            (["evaluate", "translation", "--test", binary], "line 1 is not valid UTF-8"),
            (["evaluate", "translation", "--test", pairs, "--hypotheses", folder.root], "Is a directory"),
            (
                ["evaluate", "translation", "--test", pairs, "--chart", "/no/such/x.svg"],
                "create the directory first or save somewhere else"
            ),
            (["evaluate", "translation", "--test", pairs, "--hypotheses", "/dev/full"], "No space left on device"),
            (["tokenizer", "train", "--train", pairs, "--output", folder.root], "Is a directory"),
            (["tokenizer", "train", "--train", pairs, "--output", "/dev/full"], "No space left on device"),
            (["tokenizer", "train", "--train", binary, "--output", folder.path("t")], "line 1 is not valid UTF-8"),
            (["tokenize", "--model", empty], "empty: tokenizer: expected a value at byte 0"),
            (["tokenize", "--model", folder.root], "found none; name the folder that holds it"),
            (["model", "info", model + "/config.json"], "Not a directory"),
            (["model", "convert", folder.root, "--output", folder.path("x")], "expected a folder with config.json"),
            (
                ["train", "translation", "--train", pairs, "--valid", pairs, "--output", empty],
                "File exists; choose another name: something else is there"
            ),
            (
                [
                    "train", "translation", "--train", pairs, "--valid", pairs, "--output", folder.path("m"),
                    "--config", "/no",
                ],
                "No such file"
            ),
        ] {
            let command = try Command.run(arguments)
            #expect(command.status == 65, "\(arguments): \(command.errors)")
            #expect(command.errors.contains(sentence), "\(command.errors)")
        }
    }

    @Test func chartsAreRefusedBeforeTheWork() throws {
        let folder = try TemporaryFolder()
        let unwritable = try Command.run("compare", "dot", "--updates", "1", "--chart", folder.path("none/x.svg"))
        #expect(unwritable.status == 65 && unwritable.output.isEmpty, "\(unwritable.errors)")
        for arguments in [["compare", "dot"], ["evaluate", "translation", "--test", "x.tsv"]] {
            let command = try Command.run(arguments + ["--chart", folder.path("x.png")])
            #expect(command.status == 64 && command.output.isEmpty)
            #expect(command.errors.contains("--chart: expected a file ending in .svg, found"), "\(command.errors)")
        }
    }

    @Test func argumentsThatAreNoTextAreRefused() throws {
        let command = try Command.shell(#""$0" translate --model default "$(printf 'caf\351 noir')""#)
        #expect(command.status == 65 && command.output.isEmpty)
        #expect(
            command.errors
                == "attend: argument 4: expected UTF-8 text, found byte 4 of the argument not to fit; convert the text to UTF-8\n"
        )
    }

    @Test func textBehindTwoDashesMayBeginWithOne() throws {
        let command = try Command.run("translate", "--model", try model, "--no-picture", "--", "- we like birds .")
        #expect(command.status == 0 && command.output == "- nous oiseaux aime .\n", "\(command)")
        let refused = try Command.run("translate", "--model", try model, "--bea", "3", "a")
        #expect(refused.status == 64 && !refused.errors.contains("hint:"), "\(refused.errors)")
    }

    @Test(arguments: [("", true), ("1", false)])
    func coloursAreRefusedByNameAlone(_ value: String, _ isColoured: Bool) throws {
        var (leader, follower): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&leader, &follower, nil, nil, &size) == 0)
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["translate", "--model", try model, "we like birds ."]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["NO_COLOR": value, "TERM": "xterm-256color", "COLORTERM": ""]) { $1 }
        process.standardOutput = FileHandle(fileDescriptor: follower, closeOnDealloc: true)
        try process.run()
        process.waitUntilExit()
        let shown = FileHandle(fileDescriptor: leader, closeOnDealloc: true).availableData
        #expect(String(decoding: shown, as: UTF8.self).contains("\u{1B}[") == isColoured)
    }

    @Test func wrongUseIs64() throws {
        let folder = try TemporaryFolder()
        let settings = try folder.write("[1]", to: "settings.json")
        for (arguments, sentence) in [
            (["translate", "a", "--threads", "99999999999999999999"], "is invalid for '--threads"),
            (["translate", "a", "--beam=-1"], "--beam: expected 1 to 200, found -1"),
            (["evaluate", "translation"], "Missing expected argument '--test"),
            (
                ["tokenizer", "train", "--train", "x", "--output", "y", "--size=-5"],
                "--size: expected at least 1, found -5"
            ),
            (["model", "convert", "default", "--output", ""], "--output: expected a folder for the model"),
            (["train", "translation", "--train", "x", "--valid", "x", "--output", ""], "--output: expected a folder"),
            (["train", "translation", "--settings", "--seed=-1"], "is invalid for '--seed"),
            (
                ["train", "translation", "--settings", "--config", settings],
                "expected an object of settings, found an array"
            ),
            (["train", "translation", "--settings", "--set", "patience=2.5"], "to be an integer, found 2.5"),
            (["train", "translation", "--settings", "--set", "schedule=cosin"], "did you mean \"cosine\"?"),
            (
                [
                    "train", "translation", "--train", "x", "--valid", "x", "--output", "y", "--set", "modelSize=65536",
                    "--set", "model.encoderLayerCount=1000",
                ], "expected the model to be small enough for the "
            ),
            (["nonsense"], "attend: there is no command \"nonsense\"; attend --help lists them"),
            (["transalte", "a"], "attend: there is no command \"transalte\"; did you mean \"translate\"?"),
            (["tokenizer", "trian"], "attend: there is no command \"trian\"; did you mean \"train\"?"),
            (["help", "transalte"], "attend: there is no command \"transalte\"; did you mean \"translate\"?"),
            (
                ["help", "train", "trannslation"],
                "attend: there is no command \"trannslation\"; did you mean \"translation\"?"
            ),
            (["train", "pairs.tsv"], "attend: there is no command \"pairs.tsv\"; attend train --help lists them"),
            (
                ["translate", "-5 degrees"],
                "hint: text that begins with a dash stands behind --: attend translate -- \"-5 degrees\""
            ),
        ] {
            let command = try Command.run(arguments)
            #expect(command.status == 64, "\(arguments): \(command.errors)")
            #expect(command.errors.contains(sentence), "\(command.errors)")
        }
    }
}
