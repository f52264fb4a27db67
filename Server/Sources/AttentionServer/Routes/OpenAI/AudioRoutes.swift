import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// The routes that listen, as OpenAI's clients know them: a form with a WAV or FLAC file.
///
/// Source: the OpenAI API reference, https://platform.openai.com/docs/api-reference/audio.
struct AudioRoutes: Sendable {
    let host: ModelHost

    /// A few bytes of a compressed file may say hours of silence. This is more than an hour of one channel at 16 kHz, which takes 256 mebibytes.
    private static let sampleLimit = 1 << 26

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/audio/transcriptions", .openAI, "What is said in a sound.", task: "transcription",
                schema: schema,
                content: .form
            ) { try await answer($0, .transcribe) },
            Endpoint(
                .post, "/v1/audio/translations", .openAI, "What is said in a sound, in English.", task: "transcription",
                schema: schema,
                content: .form
            ) { try await answer($0, .translate) },
        ]
    }

    private var schema: JSONValue {
        Schema.object(
            required: ["file"],
            [
                "file": ["type": "string", "format": "binary"], "model": Schema.word(host.names(for: "transcription")),
                "language": Schema.string, "temperature": Schema.number,
                "response_format": Schema.word(Form.allCases.map(\.rawValue)),
            ])
    }

    /// How the answer is written.
    private enum Form: String, CaseIterable {
        case json, text, srt, vtt
        case verbose = "verbose_json"
    }

    private func answer(_ request: Incoming, _ task: TranscriptionSettings.Task) async throws -> Response {
        let fields = try MultipartForm(request.body, type: request.head.headerFields[.contentType] ?? "")
        let model = try await host.transcriber(try fields.string("model"))
        request.notes.note(model: model.name)
        guard let file = fields["file"] else {
            throw RouteError(.malformed, "expected a part file, found none", parameter: "file")
        }
        let form = try form(fields)
        let sound: Sound
        do { sound = try Sound(file.bytes, limit: Self.sampleLimit) } catch {
            throw RouteError(.malformed, "expected a WAV or FLAC file: \(error)", parameter: "file")
        }
        var settings = model.transcriber.settings
        settings.task = task
        settings.hasTimestamps = form == .srt || form == .vtt || form == .verbose
        settings.language = try fields.string("language")
        if let text = try fields.string("temperature") {
            guard let temperature = Double(text), 0...1 ~= temperature else {
                throw RouteError.unfit("temperature", expected: "a number from 0 to 1", found: "another")
            }
            // 0 leaves the choice to the model, as OpenAI's does.
            if temperature > 0 { settings.temperatures = [temperature] }
        }
        do {
            return response(try await model.transcript(of: sound, settings, request.notes), sound, form, task)
        } catch let error as SpeechError { throw RouteError(.malformed, "\(error)") }
    }

    private func form(_ fields: MultipartForm) throws(RouteError) -> Form {
        guard let word = try fields.string("response_format") else { return .json }
        guard let form = Form(rawValue: word) else {
            throw .unfit(
                "response_format", expected: "one of \(Form.allCases.map(\.rawValue).joined(separator: ", "))",
                found: "another")
        }
        return form
    }

    private func response(
        _ transcript: Transcript, _ sound: Sound, _ form: Form, _ task: TranscriptionSettings.Task
    ) -> Response {
        let segments = transcript.segments
        switch form {
        case .json: return .json(["text": .string(transcript.text)])
        case .text: return .text(Array((transcript.text + "\n").utf8), type: "text/plain; charset=utf-8")
        case .srt:
            let text = segments.enumerated().map { $1.subRip(number: $0 + 1) }.joined(separator: "\n")
            return .text(Array(text.utf8), type: "text/plain; charset=utf-8")
        case .vtt:
            let text = "WEBVTT\n\n" + segments.map(\.webVTT).joined(separator: "\n")
            return .text(Array(text.utf8), type: "text/vtt; charset=utf-8")
        case .verbose:
            return .json([
                "task": .string(task.rawValue), "language": transcript.language.map { .string($0) } ?? .null,
                "duration": .number(sound.duration), "text": .string(transcript.text),
                "segments": .array(segments.enumerated().map { Self.segment($1, id: $0) }),
            ])
        }
    }

    private static func segment(_ segment: Transcript.Segment, id: Int) -> JSONValue {
        [
            "id": .number(id), "seek": .number(0), "start": .number(segment.start), "end": .number(segment.end),
            "text": .string(segment.text), "tokens": .array(segment.tokens.map { .number($0) }),
            "temperature": .number(segment.temperature), "avg_logprob": .number(segment.averageLogProbability),
            "compression_ratio": .number(segment.compressionRatio),
            "no_speech_prob": .number(segment.noSpeechProbability ?? 0),
        ]
    }
}
