import AttentionJSON
import HTTPTypes
import Hummingbird

/// A route: where it is, how it refuses, and what it answers.
struct Endpoint: Sendable {
    /// Who may ask.
    enum Access: Sendable {
        /// Everybody: it says nothing that keys protect.
        case open
        /// Whoever has a key, if there are keys.
        case keyed
    }

    /// How the body of a request is written.
    enum Content: String, Sendable {
        case json = "application/json"
        case form = "multipart/form-data"
    }

    let method: HTTPRequest.Method
    /// As OpenAPI writes it: `/v1/models/{model}`.
    let path: String
    let form: ErrorForm
    let access: Access
    /// What it is for, in a line.
    let summary: String
    /// What its models are asked to do, as `ServedTask.word` says it; nil where none waits in the queue of a model.
    let task: String?
    /// The schema of its body; nil if it reads none.
    let schema: JSONValue?
    let content: Content
    let answer: @Sendable (Incoming) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, _ form: ErrorForm, _ summary: String, access: Access = .keyed,
        task: String? = nil, schema: JSONValue? = nil, content: Content = .json,
        answer: @escaping @Sendable (Incoming) async throws -> Response
    ) {
        (self.method, self.path, self.form, self.access) = (method, path, form, access)
        (self.summary, self.task, self.schema) = (summary, task, schema)
        (self.content, self.answer) = (content, answer)
    }

    /// As Hummingbird writes it: `/v1/models/:model`.
    var routerPath: RouterPath {
        let parts = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? ":" + part.dropFirst().dropLast() : String(part)
        }
        return RouterPath("/" + parts.joined(separator: "/"))
    }

    /// The parameters in its path: `model`.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
