import Attention
import AttentionFiles
import Foundation
import Testing

/// Traces on disk: what is written is read again, and what is no trace is refused with a sentence.
@Suite struct TraceFileTests {
    private func trace() throws -> ModelTrace {
        try Translator(folder: try .tiny()).trace("the quick fox")
    }

    private func folder() throws -> String {
        let path = NSTemporaryDirectory() + "trace-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test func writtenIsRead() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (trace, path) = (try trace(), folder + "/x.safetensors")
        try trace.write(to: path)
        #expect(try ModelTrace(path: path) == trace)
        let file = try SafetensorsFile(path: path)
        #expect(file.names.sorted() == ["cross", "decoder", "encoder"])
        let cross = try trace.part(.cross)
        #expect(
            try file.tensor(named: "cross").shape == [
                1, 2, trace.queries(of: cross).pieces.count, trace.keys(of: cross).pieces.count,
            ])

        try trace.write(to: path, as: .float16)
        let rounded = try ModelTrace(path: path)
        #expect(rounded.header == trace.header)
        for (found, part) in zip(rounded.attention, trace.attention) {
            #expect(zip(found.weights, part.weights).allSatisfy { abs($0 - $1) <= 1 / 2048 * abs($1) + 1e-7 })
        }
    }

    /// Of each row the greatest alone, and where they stand.
    @Test func theGreatestAreFew() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (trace, path) = (try trace().keeping(.cross, rows: [0, 1], top: 2), folder + "/x.safetensors")
        try trace.write(to: path)
        let file = try SafetensorsFile(path: path)
        #expect(file.names.sorted() == ["cross", "cross.places"])
        #expect(try file.tensor(named: "cross").shape == [1, 2, 2, 2])
        #expect(try ModelTrace(path: path) == trace)
        let header = try #require(file.metadata["trace"])
        let bytes = try Safetensors.encoded(
            [Safetensors.Entry("cross", try file.tensor(named: "cross"))], metadata: ["trace": header])
        let error = #expect(throws: TraceError.self) { try ModelTrace(try SafetensorsFile(bytes, source: "x")) }
        #expect(
            error?.description
                == "trace: the header and the tensors of x do not fit each other: expected a tensor cross.places, found none"
        )
    }

    @Test func whatIsNoTraceIsRefused() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (trace, path) = (try trace(), folder + "/x.safetensors")
        try trace.write(to: path)
        let header = try #require(try SafetensorsFile(path: path).metadata["trace"])
        let entries = try SafetensorsFile(path: path).names.map { name in
            Safetensors.Entry(name, try SafetensorsFile(path: path).tensor(named: name))
        }
        func refusal(_ header: String?, _ entries: [Safetensors.Entry]) throws -> String {
            let bytes = try Safetensors.encoded(entries, metadata: header.map { ["trace": $0] } ?? [:])
            let error = #expect(throws: TraceError.self) {
                try ModelTrace(try SafetensorsFile(bytes, source: "x"))
            }
            return error?.description ?? ""
        }
        #expect(
            try refusal(nil, entries)
                == "trace: expected a note \"trace\" beside the tensors of x, found none; "
                + "write traces with attend inspect --format trace")
        #expect(
            try refusal(header.replacing("\"version\":1", with: "\"version\":7"), entries)
                == "trace: expected version 1 in x, found 7; write it again with this program")
        #expect(
            try refusal("{", entries).hasPrefix("trace: expected a header of version 1 in x, but expected "))
        #expect(
            try refusal(header, Array(entries.dropFirst()))
                == "trace: the header and the tensors of x do not fit each other: expected a tensor cross, found none")
        #expect(
            try refusal(header, entries + [Safetensors.Entry("more", .ones([1]))])
                == "trace: the header and the tensors of x do not fit each other: there is a tensor more that it says nothing of"
        )
        let other = try #require(trace.sequences[0].pieces.first)
        let longer = header.replacing("\"pieces\":[\"\(other)\"", with: "\"pieces\":[\"new\",\"\(other)\"")
        #expect(longer != header)
        #expect(try refusal(longer, entries).contains("do not fit each other: expected"))

        let whole = try FileContents.read(path)
        try Data(whole.prefix(whole.count - 8)).write(to: URL(fileURLWithPath: path))
        #expect(throws: SafetensorsError.self) { try ModelTrace(path: path) }
    }
}
