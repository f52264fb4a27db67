import HTTPTypes
public import Hummingbird

/// Lets pages of other hosts ask (the Fetch standard, section 3.2): those that are named, and nobody else. Without it, browsers let only the
/// server's own page read its answers.
public struct CrossOrigin<Context: RequestContext>: RouterMiddleware {
    private let origins: Set<String>

    /// Lets pages of these origins ask, such as `https://example.org`; `*` stands for all.
    public init(_ origins: [String]) { self.origins = Set(origins) }

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], origins.contains(origin) || origins.contains("*") else {
            return try await next(request, context)
        }
        // Before anything but a plain form, browsers ask whether they may.
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            return Response(
                status: .noContent,
                headers: [
                    .accessControlAllowOrigin: origin, .vary: "Origin",
                    .accessControlAllowMethods: "GET, POST, OPTIONS",
                    .accessControlAllowHeaders: "Authorization, Content-Type", .accessControlMaxAge: "600",
                ])
        }
        var response = try await next(request, context)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "Origin"
        response.headers[.accessControlExposeHeaders] = "Retry-After, X-Request-Id"
        return response
    }
}
