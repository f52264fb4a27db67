import ArgumentParser
import Attention
import Foundation
import Testing

@testable import attend_server

/// Options in a file and in the environment.
@Suite struct StoredOptionTests {
    private func with<Value>(_ yaml: String, _ test: (_ path: String) throws -> Value) throws -> Value {
        let path = NSTemporaryDirectory() + "options-" + UUID().uuidString
        try AtomicFile.write(Array(yaml.utf8), to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try test(path)
    }

    @Test func whatIsNearestCounts() throws {
        let yaml = """
            model:
              en-fr: default
              minilm: /srv/minilm
            max-wait: 5ms
            load: lazily
            idle: 10m
            port: 9000
            api-key: [one, two]
            """
        try with(yaml) { path in
            let line = ["--config", path, "--port", "9002"]
            let environment = [
                "ATTEND_SERVER_PORT": "9001", "ATTEND_SERVER_MAX_WAIT": "7ms", "ATTEND_SERVER_MODEL": "a=b,c=d",
            ]
            let alone = try AttendServer.parse(StoredOptions.arguments(["--config=" + path], environment: [:]))
            #expect(
                alone.model.map(\.name) == ["en-fr", "minilm"] && alone.model.map(\.path) == ["default", "/srv/minilm"])
            #expect(alone.load.batchWait.duration == .milliseconds(5))
            #expect(alone.residence.opening == .lazily && alone.residence.idle?.duration == .seconds(600))
            #expect(alone.place.port == 9000 && alone.apiKey == ["one", "two"])
            let all = try AttendServer.parse(StoredOptions.arguments(line, environment: environment))
            #expect(all.place.port == 9002 && all.load.batchWait.duration == .milliseconds(7))
            #expect(all.model.map(\.name) == ["a", "c"] && all.apiKey == ["one", "two"])
            let said = try StoredOptions.arguments(line + ["--model", "x=y"], environment: environment)
            #expect(try AttendServer.parse(said).model.map(\.name) == ["x"])
        }
    }

    @Test(arguments: [
        "max-wiat: 5ms", "port: [1, 2]", "- port", "port: {a: b}", "model: {a: [b]}", "a: b: c", "\t:",
    ]) func whatIsNoOptionIsRefused(_ yaml: String) throws {
        try with(yaml) { path in
            let error = #expect(throws: ServingError.self) {
                try StoredOptions.arguments(["--config", path], environment: [:])
            }
            #expect(error?.description.hasPrefix("--config \(path): expected ") == true)
        }
    }

    @Test func aMissingFileIsASentence() {
        #expect(throws: ServingError.self) {
            try StoredOptions.arguments([], environment: ["ATTEND_SERVER_CONFIG": "/nowhere/at/all"])
        }
        #expect(try! StoredOptions.arguments([], environment: [:]).isEmpty)
    }

    /// The names are those that the command has, all but those that say where the file is or what to print.
    @Test func theNamesAreTheOptions() throws {
        var found: Set<String> = []
        for word in AttendServer.helpMessage(columns: 200).split(whereSeparator: \.isWhitespace)
        where word.hasPrefix("--") {
            found.insert(word.dropFirst(2).filter { $0.isLetter || $0 == "-" })
        }
        #expect(found.subtracting(["config", "help", "version"]) == StoredOptions.names)
    }
}
