import Foundation
import Testing

/// `attend-lab curves`, run as a process on logs of a few lines.
@Suite struct CurvesTests {
    /// A log whose iterations of a hundred steps had these shares of successes.
    static func log(of shares: [Double]) -> String {
        shares.enumerated().map { index, share in
            #"{"iteration": \#(index + 1), "stepCount": \#(100 * (index + 1)), "episodeCount": 8, "meanReturn": \#(2 * share), "#
                + #""success": \#(share), "loss": 0, "parts": {}, "rate": 0.001, "stepsPerSecond": 10, "seconds": 1}"#
                + "\n"
        }.joined()
    }

    /// Folders of trainings with these shares.
    private func folders(_ folder: TemporaryFolder, _ trainings: [String: [Double]]) throws {
        for (name, shares) in trainings {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: true)
            _ = try folder.write(Self.log(of: shares), to: name + "/log.jsonl")
        }
    }

    /// Two seeds of one kind, of which one ended early, and one seed of another. 0.5 and 1 are 0.75 ± 12.7062 · 0.25, 2 · 0.5 and 2 · 1 twice as much.
    @Test func seedsBecomeALineWithABand() throws {
        let folder = try TemporaryFolder()
        try folders(folder, ["a1": [0.25, 1], "a2": [0.25, 0.25, 0.5], "m": [0.125]])
        let arguments = ["attention=" + folder.path("a1"), "mlp=" + folder.path("m"), "attention=" + folder.path("a2")]
        let chart = folder.path("curves.svg")
        let command = try Command.run(
            ["curves", "--chart", chart] + arguments, program: Command.laboratory)
        #expect(
            command.output == """
                attention: 2 trainings, 300 steps, success 0.750 ± 3.177
                mlp: 1 training, 100 steps, success 0.125 ± 0.000

                """, "\(command.errors)")
        let drawing = try String(contentsOfFile: chart, encoding: .utf8)
        #expect(drawing.contains(">attention (2)</text>") && drawing.contains(">mlp (1)</text>"))
        #expect(drawing.components(separatedBy: "class=\"band").count == 2)
        let returns = try Command.run(
            ["curves", "--measure", "return"] + arguments, program: Command.laboratory)
        #expect(returns.output.hasPrefix("attention: 2 trainings, 300 steps, return 1.500 ± 6.353\n"))
    }

    @Test func mistakesAreSentences() throws {
        let folder = try TemporaryFolder()
        let none = try Command.run(["curves", "attention"], program: Command.laboratory)
        #expect(
            none.status == 64
                && none.errors.contains("expected a name and a folder, as in attention=runs/1, found attention"))
        let missing = try Command.run(["curves", "a=" + folder.path("none")], program: Command.laboratory)
        #expect(missing.status == 65 && missing.errors.contains("log.jsonl"), "\(missing.errors)")
        try folders(folder, ["empty": []])
        let empty = try Command.run(["curves", "a=" + folder.path("empty")], program: Command.laboratory)
        #expect(
            empty.status == 65 && empty.errors.contains("its log tells of no episode that has ended"), "\(empty.errors)"
        )
    }
}
