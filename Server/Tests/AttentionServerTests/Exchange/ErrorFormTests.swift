import AttentionJSON
import AttentionServer
import HTTPTypes
import HummingbirdCore
import Testing

/// Each refusal in the form of each family.
@Suite struct ErrorFormTests {
    @Test(arguments: [
        (RouteError.Reason.malformed, 400, 422, 400), (.empty, 400, 400, 400), (.tooLong, 400, 413, 413),
        (.tooLarge, 413, 413, 413), (.unauthorized, 401, 401, 403), (.unknownModel, 404, 404, 404),
        (.overloaded(retryAfter: 3), 429, 429, 429), (.stopping, 503, 503, 503), (.late, 408, 408, 408),
        (.backend, 500, 424, 500),
    ]) func statuses(_ reason: RouteError.Reason, _ openAI: Int, _ embeddings: Int, _ translate: Int) {
        let error = RouteError(reason, "why")
        #expect(ErrorForm.openAI.status(of: error).code == openAI)
        #expect(ErrorForm.embeddingsInference.status(of: error).code == embeddings)
        #expect(ErrorForm.libreTranslate.status(of: error).code == translate)
    }

    @Test func bodies() {
        let error = RouteError(.overloaded(retryAfter: 3), "full", parameter: "input")
        let response = ErrorForm.openAI.response(to: error)
        #expect(response.headers[.retryAfter] == "3")
        #expect(
            ErrorForm.openAI.body(of: error) == [
                "error": ["message": "full", "type": "rate_limit_error", "param": "input", "code": "overloaded"]
            ])
        #expect(
            ErrorForm.embeddingsInference.body(of: error) == ["error": "full", "error_type": "Overloaded"])
        #expect(ErrorForm.libreTranslate.body(of: error) == ["error": "full"])
    }

    @Test func whatTheProgramAloneShouldKnowIsLeftOut() {
        struct Secret: Error { let path = "/home/somebody/model" }
        #expect(RouteError(Secret()).message == "the model failed on this request")
        #expect(RouteError(SchedulerError.full).reason == .overloaded(retryAfter: 1))
    }
}
