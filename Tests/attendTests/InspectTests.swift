import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend inspect`: every view in every form, and what is refused.
@Suite struct InspectTests {
    private let model: String
    private let folder: TemporaryFolder

    init() throws {
        model = try TinyModel.folder.get().path
        folder = try TemporaryFolder()
    }

    private func inspect(_ arguments: String...) throws -> Command {
        try Command.run(["inspect", "we like birds .", "--model", model] + arguments)
    }

    @Test func theTerminalShowsTheAlignment() throws {
        let shown = try inspect("--words", "--no-special")
        #expect(shown.status == 0 && shown.errors.isEmpty)
        #expect(shown.output.hasPrefix(", cross, ") == false && shown.output.contains("cross"))
        #expect(shown.output.contains("birds") && shown.output.contains("oiseaux"))
        let entropy = try inspect("--view", "entropy", "--kind", "encoder")
        let pair = try inspect(
            "--view", "pair", "--kind", "encoder", "--words", "--word", "birds", "--looks-at", "like")
        #expect(pair.output.contains("encoder, from \"birds\" to \"like\"") && pair.output.contains("\nlayer 1\t0."))
        #expect(entropy.output.contains("\nlayer 1\t0.") && entropy.output.contains("\t1\t2\n"))
    }

    @Test(arguments: ["alignment", "heads", "model", "rollout", "flow", "arcs", "segments", "pair", "entropy"])
    func figures(_ view: String) throws {
        for ending in ["svg", "pdf"] {
            let path = folder.path("\(view).\(ending)")
            let kind = ["rollout", "flow", "arcs"].contains(view) ? "decoder" : "cross"
            let focus = view == "pair" ? ["--word", "oiseaux", "--looks-at", "birds", "--words"] : []
            let made = try Command.run(
                ["inspect", "we like birds .", "--model", model, "--view", view, "--kind", kind, "--output", path]
                    + focus)
            #expect(made.status == 0 && made.output.isEmpty, "\(made.errors)")
            let start = try FileContents.read(path).prefix(5)
            #expect(String(decoding: start, as: UTF8.self) == (ending == "svg" ? "<svg " : "%PDF-"))
        }
    }

    @Test(arguments: ["value-weighted", "gradient"]) func weights(_ weights: String) throws {
        let shown = try inspect("--weights", weights, "--words", "--no-special")
        #expect(shown.status == 0 && shown.output.contains(", \(weights), cross, "), "\(shown.errors)")
        let refused = try inspect("--weights", weights, "--faithfulness")
        #expect(
            refused.status == 64 && refused.errors.contains("--weights \(weights): expected TEXT and no --faithfulness")
        )
    }

    @Test func oneHeadDimensionByDimension() throws {
        let one = [
            "--view", "neuron", "--layers", "1", "--heads", "2", "--words", "--word", "birds", "--looks-at", "like",
        ]
        func neuron(_ arguments: String...) throws -> Command {
            try Command.run(["inspect", "we like birds .", "--model", model] + one + arguments)
        }
        let shown = try neuron()
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(
            shown.output.contains(", encoder, layer 1, head 2, from \"birds\" to \"like\"\n\ndimension\tq\tk\tq · k\n"))
        struct Read: Decodable {
            let score: Float, weight: Float, query: [Float], key: [Float], products: [Float]
        }
        let read = try JSONDecoder().decode(Read.self, from: Data(try neuron("--format", "json").output.utf8))
        #expect(read.query.count == 16 && read.key.count == 16)
        #expect(abs(read.products.reduce(0, +) - read.score) < 1e-5)
        #expect(read.weight > 0 && read.weight < 1)
        for ending in ["svg", "pdf", "html"] { #expect(try neuron("--output", folder.path("n.\(ending)")).status == 0) }
        let page = String(decoding: try FileContents.read(folder.path("n.html")), as: UTF8.self)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<svg ") && !page.contains("<script"))
        #expect(
            try inspect("--view", "neuron", "--word", "birds", "--looks-at", "like").errors.contains(
                "--view neuron: expected one head, such as --layers 4 --heads 2"))
        #expect(
            try neuron("--faithfulness").errors.contains(
                "--view neuron: expected TEXT and --format terminal, svg, pdf, png, html or json"))
    }

    /// Every view of a trace in the terminal and as JSON.
    @Test func viewsInWordsAndNumbers() throws {
        func terminal(_ view: String, _ arguments: String...) throws -> String {
            let shown = try Command.run(
                ["inspect", "we like birds .", "--model", model, "--view", view, "--words", "--no-special"] + arguments)
            #expect(shown.status == 0, "\(view): \(shown.errors)")
            return shown.output
        }
        let heads = try terminal("heads")
        #expect(heads.contains("\n\nlayer 1, head 1\n\n") && heads.contains("\n\nlayer 1, head 2\n\n"))
        #expect(try terminal("model", "--heads", "2").contains("layers down, heads across\n\nlayer 1, head 2\n\n"))
        #expect(try terminal("arcs", "--kind", "encoder").contains(" → "))
        #expect(try terminal("segments").contains("oiseaux"))
        struct Numbers: Decodable { let name: String, layers: [Int], heads: [Int], values: [[Double]] }
        let entropy = try JSONDecoder().decode(
            Numbers.self, from: Data(try terminal("entropy", "--format", "json").utf8))
        #expect(entropy.layers == [1] && entropy.heads == [1, 2] && entropy.values[0].allSatisfy { 0...1 ~= $0 })
        let pair = try JSONDecoder().decode(
            Numbers.self,
            from: Data(
                try terminal("pair", "--kind", "encoder", "--word", "birds", "--looks-at", "like", "--format", "json")
                    .utf8))
        #expect(pair.name.contains("from \"birds\" to \"like\"") && pair.values[0].count == 2)
        let rollout = try JSONDecoder().decode(
            AlignmentMap.self, from: Data(try terminal("rollout", "--kind", "encoder", "--format", "json").utf8))
        #expect(rollout.layerCount == 1 && rollout.headCount == 1 && rollout.name.contains("rollout through 1 layers"))
    }

    @Test func whyAHeadLooksThere() throws {
        func reasons(_ arguments: String...) throws -> Command {
            try Command.run(
                [
                    "inspect", "we like birds .", "--model", model, "--view", "reasons", "--words", "--word", "birds",
                    "--looks-at", "like",
                ]
                    + arguments)
        }
        let shown = try reasons("--layers", "1", "--heads", "2")
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(
            shown.output.contains(
                ", encoder, layer 1, head 2, from \"birds\" to \"like\"\n\npart\tin the query\tin the key\nbiases\t"))
        struct Read: Decodable {
            let score: Float, weight: Float, parts: [String], products: [[Float]]
        }
        let json = try reasons("--layers", "1", "--heads", "2", "--format", "json")
        let read = try JSONDecoder().decode(Read.self, from: Data(json.output.utf8))
        #expect(abs(read.products.joined().reduce(0, +) - read.score) < 1e-4 && read.parts.contains("position"))
        for ending in ["svg", "pdf"] {
            #expect(try reasons("--layers", "1", "--heads", "2", "--output", folder.path("r.\(ending)")).status == 0)
        }
        // A page has the reasons of every head.
        let page = try reasons("--format", "html")
        #expect(page.status == 0 && page.output.split(separator: "\"ofQuery\":").count == 3, "\(page.errors)")
        #expect(
            try reasons().errors.contains("--view reasons: expected one head, such as --layers 4 --heads 2"))
        let cross = try reasons("--layers", "1", "--heads", "2", "--kind", "cross", "--word", "oiseaux")
        #expect(
            cross.status == 0 && cross.output.contains("\npart\tin the key\n")
                && cross.output.contains("\tin the query\n"), "\(cross.errors)")
        #expect(
            try reasons("--format", "html", "--faithfulness").errors.contains(
                "--view reasons: expected TEXT and --format terminal, svg, pdf, png, html or json"))
    }

    @Test func twoTextsAndTwoModelsSideBySide() throws {
        let texts = try inspect("--beside", "you see cats .", "--words", "--no-special")
        #expect(texts.status == 0, "\(texts.errors)")
        #expect(texts.output.contains("birds") && texts.output.contains("cats"))
        #expect(texts.output.split(separator: ", cross, ").count == 3, "\(texts.output)")
        let other = TaskCommandTests.root + "vectors"
        let json = try inspect("--beside-model", other, "--format", "json")
        let maps = try JSONDecoder().decode([AlignmentMap].self, from: Data(json.output.utf8))
        let alone = try JSONDecoder().decode(
            AlignmentMap.self,
            from: Data(
                try Command.run("inspect", "we like birds .", "--model", other, "--format", "json").output.utf8))
        #expect(maps.count == 2 && maps[1] == alone && maps[0] != alone)
        for ending in ["svg", "pdf", "html"] {
            let path = folder.path("beside.\(ending)")
            let made = try inspect("--beside", "you see cats .", "--beside-model", other, "--output", path)
            #expect(made.status == 0 && made.output.isEmpty, "\(made.errors)")
        }
        let page = String(decoding: try FileContents.read(folder.path("beside.html")), as: UTF8.self)
        #expect(page.contains("data-title=\"right: vectors\"") && page.contains("<p class=\"note\">you see cats .</p>"))
        let sentence = "--beside: expected TEXT, a view other than neuron, reasons and map, and no --faithfulness"
        #expect(try inspect("--beside", "you", "--view", "map").errors.contains(sentence))
        #expect(try inspect("--beside", "you", "--faithfulness").errors.contains(sentence))
        #expect(try inspect("--beside", "you", "--format", "trace").errors.contains(sentence))
    }

    @Test func aMapOfAllHeads() throws {
        let texts = try folder.write("we like birds .\nyou see cats .\n", to: "texts.txt")
        func map(_ arguments: String...) throws -> Command {
            try Command.run(["inspect", "--view", "map", "--model", model] + arguments)
        }
        let shown = try map("--file", texts, "--kind", "encoder")
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains(", encoder, heads over 2 texts\n\nhead\tentropy\tdistance\tfirst token\n1.1\t0."))
        let one = try map("we like birds .", "--kind", "encoder")
        #expect(one.status == 0 && one.output.contains("heads over 1 text\n") && one.output != shown.output)
        for ending in ["svg", "pdf", "html", "json"] {
            let made = try map("--file", texts, "--output", folder.path("map.\(ending)"))
            #expect(made.status == 0, "\(ending): \(made.errors)")
        }
        #expect(
            try map("we", "--file", texts).errors.contains(
                "expected either TEXT or --trace FILE or --file FILE, found both"))
        #expect(try map("we", "--faithfulness").errors.contains("--view map: expected TEXT or --file"))
        let other = try Command.run("inspect", "--file", texts, "--view", "entropy")
        #expect(other.status == 64 && other.errors.contains("--file: expected --view map beside it"))
    }

    @Test func theMapBesideAlignments() throws {
        let pairs = TinyModel.pairs.prefix(12).map { $0.split(separator: "\t").map(String.init) }
        let source = try folder.write(pairs.map { $0[0] + "\n" }.joined(), to: "source.txt")
        let target = try folder.write(pairs.map { $0[1] + "\n" }.joined(), to: "target.txt")
        let gold = try folder.write(String(repeating: "0-0 2-1 1-2 3-3\n", count: pairs.count), to: "gold.txt")
        func map(_ arguments: String...) throws -> Command {
            try Command.run(
                ["inspect", "--view", "map", "--model", model, "--file", source, "--target", target] + arguments)
        }
        struct Read: Decodable {
            struct Head: Decodable { let layer: Int, head: Int, alignmentErrorRate: Double, agreement: Double }
            let kind: String, texts: Int, heads: [Head]
        }
        let json = try map("--gold", gold, "--format", "json")
        #expect(json.status == 0, "\(json.errors)")
        let read = try JSONDecoder().decode(Read.self, from: Data(json.output.utf8))
        #expect(read.kind == "cross" && read.texts == 12 && read.heads.map(\.head) == [1, 2])
        // The rates are those of attend align, while words are written.
        let aligned = try Command.run([
            "align", "--model", model, "--source", source, "--target", target, "--gold", gold, "--head", "all",
        ])
        let rates = aligned.output.split(separator: "\n").filter { $0.contains("written") }
            .compactMap { Double($0.split(separator: "\t")[6]) }
        #expect(zip(read.heads, rates).allSatisfy { abs($0.alignmentErrorRate - $1) < 1e-4 } && rates.count == 2)
        // Without links of people, those of a statistical aligner.
        let table = try map()
        #expect(table.status == 0 && table.output.contains("first token\tAER\tagreement\n1.1\t"), "\(table.errors)")
        for ending in ["svg", "html"] {
            #expect(try map("--gold", gold, "--output", folder.path("aligned.\(ending)")).status == 0)
        }
        let short = try folder.write("0-0\n", to: "short.txt")
        #expect(try map("--gold", short).errors.contains("expected lines in \(short): 12, one for each pair, found 1"))
        #expect(
            try inspect("--target", target).errors.contains(
                "--target, --gold: expected --view map and --file beside it"))
        #expect(try map("--kind", "encoder").errors.contains("--target, --gold: expected --file beside --target"))
    }

    /// Pixels where librsvg is installed; where it is not, what was tried and what to do.
    @Test func pixels() throws {
        let path = folder.path("x.png")
        let refused = try Command.run(
            ["inspect", "we like birds .", "--model", model, "--output", path],
            environment: ["ATTENTION_RSVG": "/no/such.so"])
        #expect(refused.status == 65, "\(refused)")
        #expect(
            refused.errors.hasPrefix("attend: PNG: expected librsvg to load, found none: tried /no/such.so (")
                && refused.errors.hasSuffix(
                    "; install librsvg2-2 (Debian) or librsvg2 (Fedora), or name the library in ATTENTION_RSVG; .svg and .pdf need none\n"
                ),
            "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: path))
        let made = try inspect("--output", path)
        guard made.status == 0 else {
            #expect(made.errors.hasPrefix("attend: PNG: expected librsvg to load"), "\(made.errors)")
            print("InspectTests.pixels: no librsvg on this machine, so that nothing was drawn: \(made.errors)")
            return
        }
        let bytes = try FileContents.read(path)
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        let svg = try inspect("--format", "svg").output
        let width = Int(svg.split(separator: "width=\"")[1].prefix { $0 != "\"" })
        #expect(bytes[16..<20].reduce(0) { $0 << 8 | Int($1) } == width.map { 2 * $0 })
    }

    @Test func rowsAndTheirGreatestWeights() throws {
        let (trace, page) = (folder.path("few.safetensors"), folder.path("few.html"))
        #expect(try inspect("--rows", "1-2", "--top", "2", "--output", trace).status == 0)
        let kept = try ModelTrace(path: trace)
        #expect(kept.attention.map(\.kind) == [.cross] && kept.attention[0].top == 2)
        #expect(kept.queries(of: kept.attention[0]).pieces.count == 2)
        let shown = try Command.run("inspect", "--trace", trace, "--output", page)
        #expect(shown.status == 0, "\(shown.errors)")
        let text = String(decoding: try FileContents.read(page), as: UTF8.self)
        #expect(
            text.contains("Of each row the 2 greatest weights are kept.")
                && text.contains("\"name\":\"rows of target\""))
        let terminal = try inspect("--top", "1", "--kind", "encoder")
        #expect(terminal.status == 0 && terminal.output.contains("the 1 greatest weights"), "\(terminal.errors)")
        let outside = try inspect("--rows", "99", "--kind", "encoder")
        #expect(
            outside.status == 65 && outside.errors.hasPrefix("attend: trace: expected the rows of encoder from 1 to "),
            "\(outside.errors)")
        for wrong in [["--top", "0"], ["--rows", "1", "--faithfulness"], ["--top", "1", "--weights", "gradient"]] {
            let refused = try Command.run(["inspect", "we like birds .", "--model", model] + wrong)
            #expect(refused.status == 64 && refused.errors.contains("--rows, --top: expected TEXT"), "\(wrong)")
        }
    }

    @Test func aTraceIsShownLater() throws {
        let (trace, page) = (folder.path("x.safetensors"), folder.path("x.html"))
        #expect(try inspect("--output", trace, "--layers", "1", "--heads", "2").status == 0)
        let file = try ModelTrace(path: trace)
        #expect(file.attention.allSatisfy { $0.layers == [0] && $0.heads == [1] })
        #expect(file.attention.map(\.kind) == [.encoder, .decoder, .cross])
        let shown = try Command.run("inspect", "--trace", trace, "--output", page)
        #expect(shown.status == 0, "\(shown.errors)")
        let direct = try inspect("--layers", "1", "--heads", "2", "--format", "html")
        #expect(Array(direct.output.utf8) == (try FileContents.read(page)))
        let json = try Command.run("inspect", "--trace", trace, "--format", "json", "--kind", "encoder")
        let map = try JSONDecoder().decode(AlignmentMap.self, from: Data(json.output.utf8))
        let expected = try file.map(of: .encoder)
        #expect(map.source == expected.source && map.headNames == ["2"])
        #expect(zip(map.weights[0][0].joined(), expected.weights[0][0].joined()).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func theTranslationIsThePage() throws {
        let (first, second) = (folder.path("a.html"), folder.path("b.html"))
        let translated = try Command.run(
            "translate", "we like birds .", "--model", model, "--heatmap", first, "--no-picture")
        #expect(translated.status == 0, "\(translated.errors)")
        // It shows how it was searched for; what is given was not.
        #expect(try inspect("--output", second).status == 0)
        #expect(try FileContents.read(first) == FileContents.read(second))
        func hasBeam(_ path: String) throws -> Bool {
            String(decoding: try FileContents.read(path), as: UTF8.self).contains("\"beam\":{\"first\":")
        }
        #expect(try hasBeam(first))
        #expect(try inspect("--and", String(translated.output.dropLast()), "--output", second).status == 0)
        #expect(try !hasBeam(second))
        // One hypothesis alone is no beam.
        let greedy = try Command.run(
            "translate", "we like birds .", "--model", model, "--heatmap", first, "--no-picture", "--beam", "1")
        #expect(greedy.status == 0, "\(greedy.errors)")
        #expect(try !hasBeam(first))
        #expect(try inspect("--beam", "1", "--output", second).status == 0)
        #expect(try !hasBeam(second))
        let both = try inspect("--beam", "2", "--and", "nous")
        #expect(
            both.status == 64 && both.errors.contains("--beam: expected 1 to 200, and no --trace, --and or --target"))
        let reader = try Command.run("inspect", "A cat", "--model", TaskCommandTests.root + "vectors", "--beam", "2")
        #expect(
            reader.status == 65
                && reader.errors.hasPrefix(
                    "attend: model: expected a model with an encoder and a decoder, which --beam"),
            "\(reader.errors)")
    }

    /// Pieces as readers read them, in every form; the trace has them as the vocabulary spells them.
    @Test func piecesAreReadable() throws {
        let (text, trace) = ("The cats sleep.", folder.path("pieces.safetensors"))
        let bytes = TaskCommandTests.root + "continuations"
        func show(_ arguments: String...) throws -> String {
            let shown = try Command.run(["inspect", text, "--model", bytes] + arguments)
            #expect(shown.status == 0, "\(shown.errors)")
            return shown.output
        }
        _ = try show("--output", trace)
        let pieces = try ModelTrace(path: trace).sequences[0].pieces
        #expect(pieces.contains { $0.hasPrefix("Ġ") } && pieces.joined() == "TheĠcatsĠsleep.")
        for shown in [
            try show(), try show("--format", "svg"), try show("--format", "json"), try show("--format", "html"),
        ] {
            #expect(!shown.contains("Ġ") && shown.contains("␣"))
        }
        let words = try show("--words")
        #expect(words.contains("cats") && words.contains("sleep.") && !words.contains("␣"))
        #expect(try show("--output", folder.path("pieces.pdf")).isEmpty)
    }

    /// What `label` has seen, over its picture.
    @Test func weightsOverAPicture() throws {
        let trace = folder.path("seen.trace")
        let seeing = try LabelTests.model("vit-classes", height: 6, width: 4, in: folder)
        let labelled = try Command.run(
            "label", "--model", seeing, "--attention", trace, try LabelTests.picture(in: folder))
        #expect(labelled.status == 0, "\(labelled.errors)")
        func overlay(_ arguments: String...) throws -> Command {
            try Command.run(["inspect", "--trace", trace, "--view", "overlay"] + arguments)
        }
        let mean = try overlay()
        #expect(mean.status == 0 && mean.output.contains("\n\nall that look, their mean\n"), "\(mean.errors)")
        // The picture as a whole, and a place of it, which has an outline.
        let panels = try overlay("--rows", "1,3", "--format", "svg")
        #expect(panels.status == 0 && panels.output.split(separator: "<use ").count == 3, "\(panels.errors)")
        #expect(panels.output.contains(">picture 1</text>") && panels.output.contains(">row 1, column 2</text>"))
        #expect(panels.output.split(separator: "<rect class=\"frame\"").count == 2)
        for ending in ["svg", "pdf", "json", "html"] {
            let made = try overlay("--word", "row 3, column 1", "--output", folder.path("overlay.\(ending)"))
            #expect(made.status == 0 && made.output.isEmpty, "\(made.errors)")
        }
        let file = Data(try FileContents.read(folder.path("overlay.json")))
        let map = try JSONDecoder().decode(AlignmentMap.self, from: file)
        #expect(map.target == ["row 3, column 1"] && map.source.count == 7)
        let outside = try overlay("--rows", "8")
        #expect(
            outside.status == 65
                && outside.errors == "attend: trace: expected the rows of encoder from 1 to 7, found 8\n",
            "\(outside.errors)")
        // Other views keep rows of a trace as of a text, and a text has no picture.
        let rows = try Command.run("inspect", "--trace", trace, "--rows", "1", "--format", "json")
        #expect(rows.status == 0, "\(rows.errors)")
        #expect(try JSONDecoder().decode(AlignmentMap.self, from: Data(rows.output.utf8)).target == ["picture 1"])
        let text = try inspect("--view", "overlay")
        #expect(
            text.status == 65 && text.output.isEmpty
                && text.errors.contains("found cross attention that looks at neither; its views are alignment, heads,"),
            "\(text.errors)")
    }

    @Test func otherKindsOfModels() throws {
        let pair = try Command.run(
            "inspect", "The cat sleeps.", "--and", "A dog.", "--model", TaskCommandTests.root + "vectors", "--view",
            "rollout")
        #expect(pair.status == 0 && pair.output.contains("encoder, rollout through 2 layers"), "\(pair.errors)")
        let text = try Command.run(
            "inspect", "The cat", "--model", TaskCommandTests.root + "continuations", "--format", "json")
        #expect(text.status == 0 && text.output.hasPrefix("{\n  \"name\": \"continuations\""), "\(text.errors)")
    }

    @Test func refusals() throws {
        let layers = try inspect("--layers", "7")
        #expect(layers.status == 65 && layers.errors == "attend: attention: expected layers from 1 to 1, found 7\n")
        let zero = try inspect("--heads", "0")
        #expect(zero.status == 64 && zero.errors.contains("'0'"))
        let kind = try Command.run(
            "inspect", "The cat", "--model", TaskCommandTests.root + "vectors", "--kind", "cross")
        #expect(
            kind.status == 65 && kind.errors == "attend: trace: there is no cross attention in it; it has encoder\n")
        let square = try inspect("--view", "rollout", "--kind", "cross")
        #expect(square.status == 0 || square.errors.contains("attention rollout: expected self-attention"))
        let pdf = try inspect("--format", "pdf")
        #expect(pdf.status == 64 && pdf.errors.contains("--format pdf: expected --output FILE"))
        let ending = try inspect("--output", folder.path("x.gif"))
        #expect(ending.status == 64 && ending.errors.contains("--output: expected a file ending in .svg"))
        // What has no ending is shown as a terminal shows it.
        let plain = try inspect("--output", "/dev/stdout")
        #expect(try plain.status == 0 && plain.output == inspect().output, "\(plain.errors)")
        let full = try Command.run(
            ["inspect", "we like birds .", "--model", model, "--output", "/dev/stdout"], output: "/dev/full")
        #expect(full.status == 65 && full.errors.contains("could not write standard output"), "\(full.errors)")
        let drawn = try Command.run(
            "translate", "we like birds .", "--model", model, "--no-picture", "--heatmap", "/dev/stdout")
        #expect(drawn.status == 0 && drawn.output.contains("<svg "), "\(drawn.errors)")
        let nowhere = try inspect("--output", "/no/such/x.html")
        #expect(nowhere.status == 65 && nowhere.errors.contains("/no/such/"))
        let both = try inspect("--trace", "x.safetensors")
        #expect(both.status == 64 && both.errors.contains("expected either TEXT or --trace FILE, found both"))
        let other = try Command.run("inspect", "--trace", model + "/model.safetensors")
        #expect(other.status == 65 && other.errors.contains("expected a note \"trace\" beside the tensors"))
        let letters = folder.path("x.pdf")
        let pdfOfOthers = try Command.run("inspect", "日 .", "--model", model, "--output", letters)
        #expect(pdfOfOthers.status == 65 && pdfOfOthers.errors.contains("PDF: expected letters of Western Europe"))
        #expect(!FileManager.default.fileExists(atPath: letters))
    }

    @Test func whetherAPictureMayBeBelieved() throws {
        let shown = try inspect("--faithfulness", "--words", "--no-special")
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains("\nWhere it looks is ") && shown.output.contains("\nleaving words out\t"))
        #expect(shown.output.contains("\nleft out\tchange\n") && shown.output.contains("\ncross 1.2\t"))
        let json = try inspect(
            "--faithfulness", "--words", "--kind", "encoder", "--word", "birds", "--looks-at", "like", "--format",
            "json")
        struct Read: Decodable {
            struct Head: Decodable { let head: String, effect: Double, weight: Double }
            let verdict: String, target: [String], heads: [Head]
        }
        let read = try JSONDecoder().decode(Read.self, from: Data(json.output.utf8))
        #expect(read.target == ["birds"] && Set(read.heads.map(\.head)) == ["encoder 1.1", "encoder 1.2"])
        for ending in ["svg", "html", "pdf"] {
            let path = folder.path("faithful.\(ending)")
            #expect(try inspect("--faithfulness", "--words", "--output", path).status == 0)
            let text = String(decoding: try FileContents.read(path), as: UTF8.self)
            #expect(ending == "pdf" || text.contains("Where it looks is "), "\(ending)")
        }
        let other = try inspect("--faithfulness", "--kind", "decoder")
        #expect(
            other.status == 65
                && other.errors
                    == "attend: faithfulness: expected attention of kind encoder or cross here, found decoder\n"
        )
        let word = try inspect("--faithfulness", "--words", "--no-special", "--word", "dogs")
        #expect(word.errors.hasPrefix("attend: faithfulness: expected one of the words "), "\(word.errors)")
        #expect(
            try inspect("--word", "birds").errors.contains(
                "--word: expected --faithfulness, --view heads, overlay, pair, neuron or reasons beside it"))
        #expect(
            try inspect("--view", "pair", "--word", "birds").errors.contains(
                "--view pair: expected --word and --looks-at"))
        let unknown = try inspect(
            "--view", "pair", "--word", "dogs", "--looks-at", "like", "--kind", "encoder", "--words")
        #expect(
            unknown.status == 65 && unknown.errors.hasPrefix("attend: trace: expected one of the words "),
            "\(unknown.errors)")
    }

    @Test func headsAreLeftOut() throws {
        let plain = try inspect("--format", "json")
        let same = try inspect("--format", "json", "--ablate", "decoder:1.1")
        #expect(plain.status == 0 && same.status == 0 && same.output != plain.output, "\(same.errors)")
        let outside = try inspect("--ablate", "1.2,3.1")
        #expect(
            outside.status == 65
                && outside.errors
                    == "attend: heads: expected heads that the model has, encoder 1.1 to 1.2, decoder 1.1 to 1.2, cross 1.1 to 1.2, "
                    + "found 3.1\n"
        )
        #expect(try inspect("--ablate", "1").status == 64)
        func embed(_ arguments: String...) throws -> Command {
            try Command.run(["embed", "--model", TaskCommandTests.root + "vectors"] + arguments + ["The cat sleeps."])
        }
        let vector = try embed()
        #expect(try embed("--ablate", "2.1").output != vector.output)
        #expect(try embed("--ablate", "*.*").status == 0)
        #expect(
            try embed("--ablate", "3.*").errors
                == "attend: heads: expected heads that the model has, encoder 1.1 to 2.2, found 3.*\n")
    }
}
