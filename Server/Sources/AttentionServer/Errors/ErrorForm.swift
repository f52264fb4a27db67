package import AttentionJSON
package import HTTPTypes
package import Hummingbird

/// How a family of routes tells that something was refused.
public enum ErrorForm: Sendable, Hashable {
    /// `{"error": {"message", "type", "param", "code"}}`
    case openAI
    /// `{"error", "error_type"}`
    case embeddingsInference
    /// `{"error"}`
    case libreTranslate

    /// The answer to a request that was refused.
    package func response(to error: RouteError) -> Response {
        var response = Response.json(body(of: error), status: status(of: error))
        if case .overloaded(let seconds) = error.reason { response.headers[.retryAfter] = "\(seconds)" }
        if error.reason == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        if error.reason == .late || error.reason == .tooLarge { response.headers[.connection] = "close" }
        return response
    }

    /// The status of a refusal.
    package func status(of error: RouteError) -> HTTPResponse.Status {
        switch error.reason {
        case .malformed: self == .embeddingsInference ? .unprocessableContent : .badRequest
        case .empty: .badRequest
        case .tooLong: self == .openAI ? .badRequest : .contentTooLarge
        case .tooLarge: .contentTooLarge
        case .unauthorized: self == .libreTranslate ? .forbidden : .unauthorized
        case .unknownModel, .unknownRoute: .notFound
        case .overloaded: .tooManyRequests
        case .stopping: .serviceUnavailable
        case .late: .requestTimeout
        // As nginx writes into its log; nobody reads it.
        case .gone: HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request")
        case .backend:
            self == .embeddingsInference
                ? HTTPResponse.Status(code: 424, reasonPhrase: "Failed Dependency") : .internalServerError
        }
    }

    package func body(of error: RouteError) -> JSONValue {
        switch self {
        case .openAI:
            [
                "error": [
                    "message": .string(error.message), "type": .string(openAIType(error.reason)),
                    "param": error.parameter.map { .string($0) } ?? .null,
                    "code": openAICode(error.reason).map { .string($0) } ?? .null,
                ]
            ]
        case .embeddingsInference:
            ["error": .string(error.message), "error_type": .string(embeddingsType(error.reason))]
        case .libreTranslate: ["error": .string(error.message)]
        }
    }

    private func openAIType(_ reason: RouteError.Reason) -> String {
        switch reason {
        case .malformed, .empty, .tooLong, .tooLarge, .unknownModel, .unknownRoute, .late, .gone:
            "invalid_request_error"
        case .unauthorized: "authentication_error"
        case .overloaded: "rate_limit_error"
        case .stopping, .backend: "server_error"
        }
    }

    private func openAICode(_ reason: RouteError.Reason) -> String? {
        switch reason {
        case .tooLong: "context_length_exceeded"
        case .unauthorized: "invalid_api_key"
        case .unknownModel: "model_not_found"
        case .overloaded: "overloaded"
        default: nil
        }
    }

    private func embeddingsType(_ reason: RouteError.Reason) -> String {
        switch reason {
        case .malformed: "Tokenizer"
        case .empty: "Empty"
        case .tooLong, .tooLarge, .unauthorized, .unknownModel, .unknownRoute, .late, .gone: "Validation"
        case .overloaded: "Overloaded"
        case .stopping: "Unhealthy"
        case .backend: "Backend"
        }
    }
}
