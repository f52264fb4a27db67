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
        #expect(entropy.output.contains("\nlayer 1\t0.") && entropy.output.contains("\t1\t2\n"))
    }

    @Test(arguments: ["alignment", "heads", "model", "rollout", "entropy"])
    func figures(_ view: String) throws {
        for ending in ["svg", "pdf"] {
            let path = folder.path("\(view).\(ending)")
            let kind = view == "rollout" ? "decoder" : "cross"
            let made = try inspect("--view", view, "--kind", kind, "--output", path)
            #expect(made.status == 0 && made.output.isEmpty, "\(made.errors)")
            let start = try FileContents.read(path).prefix(5)
            #expect(String(decoding: start, as: UTF8.self) == (ending == "svg" ? "<svg " : "%PDF-"))
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
        #expect(try inspect("--output", second).status == 0)
        #expect(try FileContents.read(first) == FileContents.read(second))
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
}
