import HTTPTypes
import Hummingbird

/// A page to try the models by hand. It asks this server alone, and nothing else.
struct PageRoutes: Sendable {
    let host: ModelHost

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/", .openAI, "A page to try the models.", access: .open) { _ in
                var response = Response.text(Array(TrialPage.html.utf8), type: "text/html; charset=utf-8")
                response.headers[.contentSecurityPolicy] =
                    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                return response
            }
        ]
    }
}
