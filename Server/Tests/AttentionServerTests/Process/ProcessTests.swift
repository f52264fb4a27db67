import Foundation
import Glibc
import Testing

/// The server as a process: how it ends, and what it bears.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ProcessTests {
    private static let sentence = "Where is the nearest train station, and when does the next train to Paris leave? "

    private func translation(of text: String) -> [UInt8] {
        ServerProcess.post("/translate", #"{"q": "\#(text)", "source": "en", "target": "fr"}"#)
    }

    @Test func whatWasAcceptedIsAnsweredBeforeItEnds() async throws {
        let server = try ServerProcess()
        #expect(server.port > 0)
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<12 {
                let socket = try RawSocket(server.port)
                try socket.send(translation(of: "I have \(number) cats. " + Self.sentence))
                group.addTask { await socket.receiveAll() }
            }
            try await Task.sleep(for: .milliseconds(300))
            server.signal(SIGTERM)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 12)
        for answer in answers { #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "\(answer.prefix(200))") }
        #expect(server.status() == 0)
        #expect(server.errors.components(separatedBy: "status=200").count == 13)
        // What was said stands nowhere in the log.
        #expect(!server.errors.contains("cats"))
    }

    @Test func whoeverHangsUpFreesThePlace() async throws {
        let server = try ServerProcess()
        for _ in 0..<4 {
            let socket = try RawSocket(server.port)
            try socket.send(translation(of: String(repeating: Self.sentence, count: 60)))
            try await Task.sleep(for: .milliseconds(50))
        }
        // All of these have gone by now. Their places are free for somebody else, long before what they asked for could be done.
        let start = ContinuousClock.now
        let answer = try await server.answer(String(decoding: translation(of: "Yes."), as: UTF8.self))
        #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
        #expect(ContinuousClock.now - start < .seconds(20))
        try await until { (try? await server.get("/metrics").contains(#"route="/translate",status="499"} 4"#)) == true }
    }

    @Test func aStreamWhoseReaderGoesFreesItsPlaces() async throws {
        let server = try ServerProcess("--writers", "1", "--model", "writer=" + taskFolders + "continuations")
        let socket = try RawSocket(server.port)
        let prompts = [String](repeating: "\"sun\"", count: 200).joined(separator: ", ")
        try socket.send(
            ServerProcess.post("/v1/completions", "{\"prompt\": [\(prompts)], \"max_tokens\": 60, \"stream\": true}"))
        #expect(String(decoding: socket.receive(), as: UTF8.self).hasPrefix("HTTP/1.1 200 OK"))
        #expect(try await !server.get("/metrics").contains("attention_waiting_rows{model=\"writer\"} 0\n"))
        socket.end()
        try await until {
            (try? await server.get("/metrics").contains("attention_waiting_rows{model=\"writer\"} 0\n")) == true
        }
    }

    @Test func modelsAreOpenedAgain() async throws {
        let folder = NSTemporaryDirectory() + "vectors-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: taskFolders + "vectors", toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try ServerProcess("--model", "mine=" + folder)
        server.signal(SIGHUP)
        try await until { server.errors.contains("models opened again") }
        try FileManager.default.moveItem(atPath: folder + "/config.json", toPath: folder + "/gone")
        server.signal(SIGHUP)
        try await until { server.errors.contains("models stay as they are") }
        #expect(try await server.get("/v1/models").contains("\"mine\""))
        #expect(server.isRunning)
        server.signal(SIGTERM)
        #expect(server.status() == 0)
    }

    @Test func connectionsAreKept() throws {
        let server = try ServerProcess()
        let socket = try RawSocket(server.port)
        for _ in 0..<3 {
            try socket.send(
                ServerProcess.post(
                    "/translate", #"{"q": "Yes.", "source": "en", "target": "fr"}"#, connection: "keep-alive"))
            #expect(String(decoding: socket.receive(), as: UTF8.self).contains("Oui."))
        }
    }

    @Test func nothingThatComesThroughASocketStopsIt() async throws {
        let server = try ServerProcess("--max-body", "2000000")
        var generator = SystemRandomNumberGenerator()
        let body = #"{"q": "Yes.", "source": "en", "target": "fr"}"#
        let whole = ServerProcess.post("/translate", body)
        func chunked(_ chunks: String) -> [UInt8] {
            Array("POST /translate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)".utf8)
        }
        var attempts: [[UInt8]] = [
            chunked("zz\r\nabc\r\n"), chunked("ffffffffffffffff\r\n"), chunked("-1\r\n"), chunked("5\r\nab"),
            chunked("2\r\n{}\r\n0\r\n\r\n"),
            Array("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 200_000))\r\n\r\n".utf8),
            Array("GET / HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 5000))\r\n".utf8),
            Array("POST /translate HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n".utf8),
            Array("POST /translate HTTP/1.1\r\nContent-Length: -5\r\n\r\n".utf8),
            Array("POST /translate HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello".utf8),
            Array(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
                    .utf8),
            Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), Array("GET\r\n\r\n".utf8),
            [0, 1, 2, 255, 254, 13, 10, 13, 10],
            Array("GET /%ff%00/../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8),
            ServerProcess.post("/translate", String(repeating: "[", count: 1_000_000)),
            ServerProcess.post("/translate", String(repeating: #"{"q":"#, count: 300_000)),
            ServerProcess.post(
                "/translate",
                #"{"q": "# + String(repeating: "[", count: 900_000) + String(repeating: "]", count: 900_000) + "}"),
            ServerProcess.post("/translate", String(repeating: "a", count: 2_100_000)),
            ServerProcess.post("/translate", #"{"q": NaN, "source": "en", "target": "fr"}"#),
            ServerProcess.post("/translate", #"{"q": "Yes.", "source": "en", "target": "fr", "alternatives": 1e999}"#),
            ServerProcess.post("/translate", #"{"q": "\ud800", "source": "en", "target": "fr"}"#),
            ServerProcess.post("/translate", "{\"q\": \"\0\", \"source\": \"en\", \"target\": \"fr\"}"),
            Array(whole.dropLast(10)) + [0xFF, 0xFE] + Array(whole.suffix(8)),
            whole + whole + whole, Array(whole.prefix(60)),
        ]
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(.random(in: 0...255, using: &generator), at: place)
                }
            }
            attempts.append(bytes)
        }
        for bytes in attempts {
            let socket = try RawSocket(server.port)
            try socket.send(bytes)
            socket.finish()
            let answer = await socket.receiveAll()
            #expect(!answer.hasPrefix("HTTP/1.1 5"), "\(String(decoding: bytes.prefix(300), as: UTF8.self))\n\(answer)")
            #expect(server.isRunning)
        }
        #expect(try await server.get("/health/ready").contains("200 OK"))
    }

    @Test func whatDoesNotFitIsRefusedAndNothingIsLost() async throws {
        let server = try ServerProcess("--queue", "4", "--batch-rows", "1")
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<40 {
                let socket = try RawSocket(server.port)
                try socket.send(translation(of: Self.sentence))
                group.addTask { await socket.receiveAll() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let (done, refused) = (
            answers.filter { $0.hasPrefix("HTTP/1.1 200") }, answers.filter { $0.hasPrefix("HTTP/1.1 429") }
        )
        #expect(done.count + refused.count == 40)
        #expect(done.count >= 4 && refused.count >= 4)
        for answer in refused { #expect(answer.lowercased().contains("\r\nretry-after: 1\r\n")) }
    }

    /// The examples of the README and of the page, but those that send a file.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl"))) func theExamplesRun() throws {
        let writer = try Self.talkingWriter()
        defer { try? FileManager.default.removeItem(atPath: writer) }
        let server = try ServerProcess(
            "--model", "en-fr=default", "--model", "minilm=" + taskFolders + "vectors", "--model",
            "reranker=" + taskFolders + "pairs", "--model", "writer=" + writer)
        let root = #filePath.split(separator: "/").dropLast(5).reduce("") { $0 + "/" + $1 }
        var count = 0
        for file in ["README.md", "docs/serving.md"] {
            let text = try String(contentsOfFile: root + "/" + file, encoding: .utf8)
                .replacingOccurrences(of: "\\\n", with: " ")
            let lines = text.components(separatedBy: "\n")
            for (line, next) in zip(lines, lines.dropFirst())
            where line.hasPrefix("curl ") && line.contains("localhost:8080/") && !line.contains("@") {
                let answer = try Shell.output(
                    of: line.replacingOccurrences(of: "localhost:8080", with: "localhost:\(server.port)") + " -s")
                #expect(!answer.isEmpty && !answer.contains("\"error\""), "\(line)\n\(answer)")
                if next.hasPrefix("{") { #expect(answer == next, "\(line)") }
                count += 1
            }
        }
        #expect(count >= 8)
    }

    /// A folder of a tiny model that writes, with a chat template.
    private static func talkingWriter() throws -> String {
        let path = NSTemporaryDirectory() + "writer-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: taskFolders + "continuations", toPath: path)
        try FileManager.default.copyItem(
            atPath: taskFolders + "../../../../Server/Tests/AttentionServerTests/Fixtures/chat_template.jinja",
            toPath: path + "/chat_template.jinja")
        return path
    }

    @Test func aWrongCommandIsASentence() throws {
        let unknown = try ServerProcess("--model", "mine=/nowhere/at/all")
        #expect(unknown.status() == EX_DATAERR)
        #expect(unknown.errors.contains("attend-server: --model mine: "))
        let later = try ServerProcess("--model", "mine=/nowhere/at/all", "--load", "lazily")
        #expect(later.status() == EX_DATAERR)
        let usage = try ServerProcess("--max-wait", "soon")
        #expect(usage.status() == EX_USAGE)
    }
}
