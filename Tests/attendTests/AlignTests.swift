import Foundation
import Testing

/// `attend align`: links, their error rate, and what is refused.
@Suite struct AlignTests {
    private let model: String
    private let folder: TemporaryFolder
    private let files: [String]

    init() throws {
        model = try TinyModel.folder.get().path
        folder = try TemporaryFolder()
        let pairs = TinyModel.pairs.map { $0.split(separator: "\t").map(String.init) }
        files = [
            "--source", try folder.write(pairs.map { $0[0] + "\n" }.joined(), to: "source"),
            "--target", try folder.write(pairs.map { $0[1] + "\n" }.joined(), to: "target"),
        ]
    }

    /// Objects stand before verbs in the target.
    private var gold: String { String(repeating: "0-0 2-1 1-2 3-3\n", count: TinyModel.pairs.count) }

    @Test func theModelAligns() throws {
        let found = try Command.run(["align", "--model", model] + files)
        #expect(found.status == 0, "\(found.errors)")
        let lines = found.output.split(separator: "\n")
        #expect(lines.count == TinyModel.pairs.count)
        #expect(lines.allSatisfy { $0.split(separator: " ").count == 4 })
        let json = try Command.run(["align", "--model", model, "--format", "json", "--head", "1.2"] + files)
        #expect(json.output.hasPrefix(#"{"links":""#) && json.output.contains(#""source":["I","see","cats","."]"#))
    }

    @Test func linesMayEndInCarriageReturns() throws {
        let plain = try Command.run(["align", "--model", model] + files)
        let others = try [files[1], files[3]].map { path in
            try folder.write(
                try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "\n", with: "\r\n"),
                to: URL(fileURLWithPath: path).lastPathComponent + ".other")
        }
        let found = try Command.run("align", "--model", model, "--source", others[0], "--target", others[1])
        #expect(found.status == 0 && found.output == plain.output, "\(found.errors)")
    }

    @Test func matricesAreDrawn() throws {
        for way in [[], ["--by", "diagonal"]] {
            let found = try Command.run(["align", "--model", model, "--format", "matrix"] + way + files)
            #expect(found.status == 0, "\(found.errors)")
            let pictures = found.output.components(separatedBy: "\n\n").filter { !$0.isEmpty }
            #expect(pictures.count == TinyModel.pairs.count, "\(way)")
            #expect(pictures[0].contains("I") && pictures[0].contains("cats"), "\(pictures[0])")
        }
    }

    @Test func ratesAgainstGold() throws {
        let path = try folder.write(gold, to: "gold")
        func rate(_ options: String...) throws -> String {
            let found = try Command.run(["align", "--model", model, "--gold", path] + options + files)
            #expect(found.status == 0, "\(found.errors)")
            return found.output
        }
        // 48 sentences of 4 words: the diagonal finds two links of four.
        #expect(try rate("--by", "diagonal") == "links\tprecision\trecall\tAER\n192\t0.5000\t0.5000\t0.5000\n")
        #expect(try rate("--by", "statistical").hasPrefix("links\tprecision\trecall\tAER\n"))
        let heads = try rate("--head", "all").split(separator: "\n")
        #expect(
            heads.count == 5 && heads[1].hasPrefix("1\t1\twritten\t192\t") && heads[4].hasPrefix("1\t2\tread\t192\t"))
        // The head alone has the rate that the table gives it.
        for (option, row) in [("1.2", 3), ("1.2+", 4)] {
            let alone = try rate("--head", option).split(separator: "\n")[1]
            #expect(heads[row].dropFirst(4).split(separator: "\t", maxSplits: 1)[1].hasPrefix(alone))
        }
        #expect(try rate("--head", "auto") != rate("--by", "diagonal"))
        #expect(try rate("--head", "average") != rate("--by", "diagonal"))
    }

    @Test func refusals() throws {
        let short = try folder.write("0-0\n", to: "short")
        let lines = try Command.run(["align", "--model", model, "--gold", short] + files)
        #expect(
            lines.status == 65 && lines.errors.contains("expected lines in \(short): 48, one for each pair, found 1"))
        let bad = try folder.write(gold.replacing("0-0", with: "0=0"), to: "bad")
        let links = try Command.run(["align", "--model", model, "--gold", bad] + files)
        #expect(links.status == 65 && links.errors.contains("\(bad), line 1: Pharaoh alignment: expected links"))
        let all = try Command.run(["align", "--model", model, "--head", "all"] + files)
        #expect(all.status == 64 && all.errors.contains("--head all: expected --gold FILE"))
        let head = try Command.run(["align", "--model", model, "--head", "9.1"] + files)
        #expect(head.status == 65 && head.errors == "attend: attention: expected layers from 1 to 1, found 9\n")
        for (options, sentence) in [
            (["--by", "statistical", "--head", "1.1"], "--head: expected --by attention, found --by statistical"),
            (["--by", "diagonal", "--symmetrize", "union"], "--symmetrize: expected an aligner of two directions"),
            (["--gold-from", "1"], "--gold-from: expected --gold FILE beside it"),
        ] {
            let found = try Command.run(["align", "--model", model] + options + files)
            #expect(found.status == 64 && found.errors.contains(sentence), "\(found.errors)")
        }
        let none = try Command.run(["align", "--model", model, "--head", "0.1"] + files)
        #expect(none.status == 64)
    }
}
