import Attention
import Foundation
import Testing

/// What help, README and messages tell people to do can be done.
@Suite struct HelpTests {
    private static let package = #filePath.components(separatedBy: "/Tests/")[0]

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: Self.package + "/" + path, encoding: .utf8)
    }

    private var programs: [URL] { [Command.executable, Command.laboratory] }

    /// All help texts, in one line each, and the names of their commands.
    private func helps() throws -> [(names: [String], text: String)] {
        try programs.flatMap { program in
            try CommandTree.of(program).leaves.map { names in
                let command = try Command.run(names.dropFirst() + ["--help"], program: program)
                #expect(command.status == 0)
                return (
                    Array(names.dropFirst()),
                    command.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                )
            }
        }
    }

    @Test func settingsInHelpAndReadmeExist() throws {
        let readme = (names: ["train", "translation"], text: try text("README.md"))
        var settings: [[String]: Set<String>] = [:]
        for (names, text) in try helps() + [readme] {
            // What another command says of settings is said of those of translation.
            let trainer = names.first == "train" ? names : ["train", "translation"]
            settings[trainer, default: []].formUnion(
                text.matches(of: /--set ([A-Za-z.]+=[0-9A-Za-z.]*[0-9A-Za-z])/).map { String($0.output.1) })
        }
        #expect(
            try #require(settings[["train", "translation"]]).isSuperset(of: [
                "dropout=0.3", "model.encoderLayerCount=4", "samplingTemperature=3",
            ]))
        #expect(try #require(settings[["train", "language"]]).contains("text.tokenizerSize=257"))
        #expect(try #require(settings[["train", "tag"]]).isSuperset(of: ["layerDecay=0.9", "adapter.rank=8"]))
        for (trainer, settings) in settings {
            for setting in settings where setting != "key=value" {
                let world = trainer.last == "policy" ? ["memory"] : []
                let command = try Command.run(trainer + world + ["--settings", "--set", setting])
                #expect(command.status == 0, "\(setting): \(command.errors)")
            }
        }
    }

    @Test func specificationsInHelpAreComputed() throws {
        let folder = try TemporaryFolder()
        let tensors = folder.path("in.safetensors")
        try Safetensors.write(
            ["query", "key", "value"].map { Safetensors.Entry($0, .ones([1, 1, 2, 4])) }, to: tensors)
        let specs = try helps().flatMap {
            $0.text.matches(of: /\{"mechanism".*?\]\}(?=\.| )/).map { String($0.output) }
        }
        #expect(!specs.isEmpty)
        for spec in specs {
            let command = try Command.run(
                "compute", "--inputs", tensors, "--spec", folder.write(spec, to: "spec.json"), "--outputs",
                folder.path("out"))
            #expect(command.status == 0, "\(spec): \(command.errors)")
        }
    }

    /// The lines of README's list of commands, each with what it says can be given.
    @Test func readmeNamesOptionsThatThereAre() throws {
        let list = try #require(
            text("README.md").components(separatedBy: "```text\nattend translate").dropFirst().first)
        let lines = ("attend translate" + (list.components(separatedBy: "```").first ?? "")).split(separator: "\n")
        var known: Set<String> = []
        for line in lines {
            if !line.hasPrefix(" ") {
                let words = line.split(separator: " ").map(String.init)
                let root = try CommandTree.of(words[0] == "attend" ? Command.executable : Command.laboratory)
                // Commands with the same options stand in one line: embed|classify.
                let options = try words[1].split(separator: "|").map { name in
                    let called = [words[0], String(name)] + words.dropFirst(2)
                    let leaf = try #require(root.leaves.first { called.starts(with: $0) }, "\(line)")
                    return try leaf.dropFirst().reduce(root) { node, name in
                        try #require(node.subcommands?.first { $0.commandName == name })
                    }.options
                }
                known = options.dropFirst().reduce(options[0]) { $0.intersection($1) }
            }
            for option in line.matches(of: /--([a-z-]+)/) {
                #expect(known.contains(String(option.output.1)), "\(line)")
            }
        }
    }

    /// The command lines of README's examples, without their building.
    @Test func readmeCommandsRun() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.folder.get().path
        let commands = try text("README.md").split(separator: "\n").compactMap { line -> String? in
            line.firstMatch(of: /^ *(?:swift run -c release )(attend(?:-lab)? .*)$/).map { String($0.output.1) }
        }
        #expect(commands.count >= 2)
        for line in commands where !line.contains("compare") {
            let command = try Command.shell(
                "PATH=$(dirname \"$0\"):$PATH; cd \(folder.root); \(line) --model \(model)")
            #expect(command.status == 0, "\(line): \(command.errors)")
        }
    }

    /// A number that is refused is refused in words of its own, a negative one, too, which stands behind a space as all others do.
    @Test func numbersMayBeNegative() throws {
        let sources = URL(fileURLWithPath: Self.package + "/Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            for option in try String(contentsOf: file, encoding: .utf8).components(separatedBy: "@Option").dropFirst() {
                let lines = option.split(separator: "\n")
                guard let place = lines.firstIndex(where: { $0.contains(/\bvar \w+/) }),
                    lines[place].contains(/var \w+(: (Int|UInt64|Float|Double)\??( = .+)?| = [0-9._]+)$/)
                else { continue }
                count += 1
                #expect(
                    lines[...place].joined().contains("parsing: .unconditional"),
                    "\(file.lastPathComponent): \(lines[place])")
            }
        }
        #expect(count > 50)
        for (arguments, sentence) in [
            (["translate", "a", "--beam", "-1"], "--beam: expected 1 to 200, found -1"),
            (["generate", "a", "--model", "x", "--temperature", "-1"], "--temperature: expected a number from 0 up"),
            (["embed", "a", "--model", "x", "--threads", "-3"], "--threads: expected 1 to 1024, found -3"),
            (["detect", "a", "--model", "x", "--threshold", "-1"], "--threshold: expected a number from 0 to below 1"),
            (["verify", "x", "--tolerance", "-1"], "--tolerance: expected a number from 0 to 1, found -1"),
        ] {
            let command = try Command.run(arguments)
            #expect(command.status == 64 && command.errors.contains(sentence), "\(arguments): \(command.errors)")
        }
        // What favours short translations is a number like any other.
        let short = try Command.run(
            "translate", "we like birds .", "--no-picture", "--length-penalty", "-1", "--model",
            TinyModel.folder.get().path)
        #expect(short.status == 0 && !short.output.isEmpty, "\(short.errors)")
    }

    /// Every `--option` in a string of the sources is one that some command has.
    @Test func adviceNamesOptionsThatExist() throws {
        let known = try programs.map { try CommandTree.of($0).options }.reduce(Set(["help", "version", "product"])) {
            $0.union($1)
        }
        let sources = URL(fileURLWithPath: Self.package + "/Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        for case let file as URL in files
        // Inspection's styles have such names, too.
        where file.pathExtension == "swift" && !file.path.contains("/AttentionInspection/") {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                guard !line.contains("//") else { continue }
                for option in line.matches(of: /(?:^|[ "(])--([a-z][a-z-]+)/) {
                    #expect(known.contains(String(option.output.1)), "\(file.lastPathComponent): \(line)")
                }
            }
        }
    }
}
