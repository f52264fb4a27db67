import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend snapshot` and `attend verify`.
@Suite struct SnapshotTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func whatHasNotMovedPasses() throws {
        let model = try TinyModel.folder.get().path
        let (kept, file) = (folder.path("kept"), try folder.write("you see cats .\n\nthey hear dogs .\n", to: "texts"))
        let made = try Command.run(
            "snapshot", "we like birds .", "--file", file, "--model", model, "--output", kept)
        #expect(made.status == 0 && made.output == "kept the attention of 3 texts in \(kept)\n", "\(made.errors)")
        let same = try Command.run("verify", kept, "--model", model, "--tolerance", "0.0001")
        #expect(
            same.status == 0 && same.output.hasPrefix("0 of 18 heads in 3 texts moved by more than 0.0001; "), "\(same)"
        )
        // Each is a trace of its own, and says what was written.
        let trace = try ModelTrace(path: kept + "/1.safetensors")
        let written = try #require(trace.sequences.first { $0.name == "target" }?.text)
        let header = String(decoding: try FileContents.read(kept + "/snapshot.json"), as: UTF8.self)
        #expect(header.contains("we like birds .") && header.contains(written))
    }

    /// A file of another system has the same lines.
    @Test func linesMayEndInCarriageReturns() throws {
        let file = try folder.write("\u{FEFF}we like birds .\r\n\r\nyou see cats .\r\n", to: "lines")
        let model = try TinyModel.folder.get().path
        let made = try Command.run("snapshot", "--file", file, "--model", model, "--output", folder.path("lines-kept"))
        #expect(made.output.hasPrefix("kept the attention of 2 texts in "), "\(made.errors)")
        let header = String(decoding: try FileContents.read(folder.path("lines-kept/snapshot.json")), as: UTF8.self)
        #expect(header.contains("\"we like birds .\"") && !header.contains("\\r"), "\(header)")
    }

    @Test func whatHasMovedFails() throws {
        let vectors = TaskCommandTests.root + "vectors"
        let (kept, other) = (folder.path("kept"), folder.path("other"))
        #expect(try Command.run("snapshot", "The cat sleeps.", "--model", vectors, "--output", kept).status == 0)
        // Half of a query map without its numbers.
        try FileManager.default.copyItem(atPath: vectors, toPath: other)
        let file = try SafetensorsFile(path: vectors + "/model.safetensors")
        let entries = try file.names.map { name in
            var values = try file.tensor(named: name).values
            if name.hasSuffix("layer.1.attention.self.query.weight") { values = values.map { 4 * $0 } }
            return Safetensors.Entry(name, try Tensor(values, shape: try file.shape(of: name)))
        }
        try Safetensors.write(entries, to: other + "/model.safetensors")
        let moved = try Command.run("verify", kept, "--model", other, "--tolerance", "0.001")
        #expect(moved.status == 1 && moved.errors.isEmpty, "\(moved)")
        let lines = moved.output.split(separator: "\n")
        #expect(lines[0] == "text\thead\tmoved\tbefore\tnow\tfrom\tto\trows that look elsewhere")
        // The first layer is what it was.
        #expect(lines.count == 4 && lines[1...2].allSatisfy { $0.hasPrefix("1\tencoder 2.") }, "\(lines)")
        #expect(
            lines[3].hasPrefix("2 of 4 heads in 1 text moved by more than 0.001; the greatest move is 0."), "\(lines)")
        let json = try Command.run("verify", kept, "--model", other, "--tolerance", "0.001", "--json")
        #expect(
            json.status == 1 && json.output.split(separator: "\n").count == 2
                && json.output.contains(#""head" : "encoder 2.1""#) || json.output.contains(#""head":"encoder 2.1""#),
            "\(json)")
    }

    @Test func refusals() throws {
        let vectors = TaskCommandTests.root + "vectors"
        let kept = folder.path("kept")
        #expect(try Command.run("snapshot", "a", "--model", vectors, "--layers", "1", "--output", kept).status == 0)
        let other = try Command.run("verify", kept, "--model", try TinyModel.folder.get().path)
        #expect(other.status == 65 && other.errors.hasPrefix("attend: trace: expected the pieces "), "\(other)")
        try Data(#"{"version": 2, "tolerance": 0.1, "texts": []}"#.utf8).write(
            to: URL(fileURLWithPath: kept + "/snapshot.json"))
        let version = try Command.run("verify", kept, "--model", vectors)
        #expect(
            version.status == 65
                && version.errors
                    == "attend: snapshot: expected texts, a tolerance from 0 and version 1 in \(kept)/snapshot.json, but it has version 2, "
                    + "tolerance 0.1; write it again with attend snapshot\n",
            "\(version.errors)")
        #expect(try Command.run("verify", folder.path("none"), "--model", vectors).status == 65)
        #expect(try Command.run("snapshot", "--output", kept).errors.contains("expected TEXT or --file, found neither"))
        #expect(
            try Command.run("verify", kept, "--tolerance", "2").errors.contains(
                "--tolerance: expected a number from 0 to 1"))
    }
}
