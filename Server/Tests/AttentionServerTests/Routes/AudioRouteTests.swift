import Attention
import AttentionJSON
import AttentionServer
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// `/v1/audio/transcriptions`: forms with sounds.
@Suite struct AudioRouteTests {
    private static func form(_ parts: [(name: String, filename: String?, bytes: [UInt8])]) -> [UInt8] {
        var body: [UInt8] = []
        for part in parts {
            let file = part.filename.map { "; filename=\"\($0)\"\r\nContent-Type: audio/wav" } ?? ""
            body += Array("--frontier\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\r\n".utf8)
            body += part.bytes + Array("\r\n".utf8)
        }
        return body + Array("--frontier--\r\n".utf8)
    }

    private static func post(
        _ client: any TestClientProtocol, _ sound: Sound, _ fields: [String: String] = [:]
    ) async throws -> Answer {
        var parts = fields.map { ($0.key, nil as String?, Array($0.value.utf8)) }
        parts.append(("file", "speech.wav", try WAV.bytes(of: sound)))
        return try await client.execute(
            uri: "/v1/audio/transcriptions", method: .post,
            headers: [.contentType: "multipart/form-data; boundary=frontier"],
            body: ByteBuffer(bytes: form(parts.map { (name: $0.0, filename: $0.1, bytes: $0.2) }))
        ) { Answer($0) }
    }

    @Test func whatIsSaidInEveryForm() async throws {
        try await TinyWhisper.with { path in
            let sound = try WAV.sound(from: try WAV.bytes(of: try TinyWhisper.sound(seconds: 2.5)))
            var transcriber = try Transcriber(path: path)
            (transcriber.settings.temperatures, transcriber.settings.noSpeechLimit) = ([0], 1)
            let wanted = try transcriber.transcribe(sound).text
            #expect(!wanted.isEmpty)
            #expect(try ServedModel.open("ear", at: path).task == .transcription)
            let host = try ModelHost([.transcriber(ServedTranscriber("ear", transcriber))])
            try await serving(host) { client in
                let json = try await Self.post(client, sound)
                #expect(json.status == 200, "\(json.text)")
                #expect(try json.json.at("text").string == wanted)
                let text = try await Self.post(client, sound, ["response_format": "text", "model": "ear"])
                #expect(text.text == wanted + "\n")
                let refused = [
                    ["response_format": "mp3"], ["temperature": "warm"], ["model": "mouth"],
                ]
                for fields in refused {
                    #expect([400, 404].contains(try await Self.post(client, sound, fields).status), "\(fields)")
                }
                let noForm = try await client.post("/v1/audio/transcriptions", "{}")
                #expect(noForm.status == 400)
                #expect(try noForm.json.at("error", "message").string?.contains("multipart/form-data") == true)
            }
        }
    }

    @Test func forms() throws {
        let type = "multipart/form-data; boundary=frontier"
        let bytes: [UInt8] = [0, 13, 10, 45, 45, 255, 13, 10]
        let found = try MultipartForm(
            ByteBuffer(bytes: Self.form([("a", nil, Array("é".utf8)), ("file", "x.wav", bytes), ("e", nil, [])])),
            type: type)
        #expect(found.parts.map(\.name) == ["a", "file", "e"])
        #expect(try found.string("a") == "é")
        #expect(found["file"]?.bytes == bytes && found["file"]?.filename == "x.wav")
        #expect(found["e"]?.bytes == [])
        let whole = Self.form([("a", nil, [65])])
        for count in 0..<whole.count - 4 {
            #expect(throws: RouteError.self, "\(count)") {
                try MultipartForm(ByteBuffer(bytes: Array(whole.prefix(count))), type: type)
            }
        }
        for other in ["application/json", "multipart/form-data", "multipart/form-data; boundary="] {
            #expect(throws: RouteError.self) { try MultipartForm(ByteBuffer(bytes: whole), type: other) }
        }
    }
}
