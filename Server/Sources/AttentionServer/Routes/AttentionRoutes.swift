import AttentionJSON
import HTTPTypes
public import Hummingbird

/// All routes over the models of a host, for a router of yours or for `attend-server`.
///
/// ```swift
/// let host = try ModelHost([.standard()])
/// let router = Router(context: ServerContext.self)
/// AttentionRoutes(host: host).add(to: router)
/// try await Application(router: router, server: .attention()).runService()
/// ```
///
/// OpenAI's (`/v1/models`, `/v1/embeddings`, `/v1/completions`, `/v1/chat/completions`, `/v1/audio/transcriptions`), those of
/// text-embeddings-inference (`/embed`, `/embed_all`, `/rerank`, `/predict`, `/similarity`, `/tokenize`, `/decode`, `/info`), LibreTranslate's (`/translate`, `/languages`, `/frontend/settings`), our own
/// (`/v1/translate`, `/v1/align`, `/v1/attention`), and `/health`, `/metrics`, `/openapi.json` and a page at `/`.
public struct AttentionRoutes: Sendable {
    let host: ModelHost
    let limits: ServerLimits
    let keys: APIKeys
    let metrics: PrometheusMetrics
    let endpoints: [Endpoint]

    /// The routes over a host.
    /// - Parameters:
    ///   - keys: who may ask; no keys let everybody.
    ///   - metrics: what `/metrics` shows.
    public init(
        host: ModelHost, limits: ServerLimits = ServerLimits(), keys: APIKeys = APIKeys(),
        metrics: PrometheusMetrics = PrometheusMetrics()
    ) {
        (self.host, self.limits, self.keys, self.metrics) = (host, limits, keys, metrics)
        let own =
            OpenAIRoutes(host: host).endpoints + AudioRoutes(host: host).endpoints
            + EmbeddingsInferenceRoutes(host: host, limits: limits).endpoints
            + LibreTranslateRoutes(host: host, limits: limits, keys: keys).endpoints
            + InspectionRoutes(host: host).endpoints
            + HealthRoutes(host: host, metrics: metrics).endpoints + PageRoutes(host: host).endpoints
        let document = OpenAPIDocument(own).json
        endpoints =
            own + [
                Endpoint(.get, "/openapi.json", .openAI, "This description.", access: .open) { _ in .json(document) }
            ]
    }

    /// Adds them to a router.
    public func add<Context: ServedContext>(to router: Router<Context>) {
        let counters = RequestCounters(metrics)
        let rate = limits.requestsPerSecond.map { RequestRate(perSecond: $0) }
        for endpoint in endpoints {
            let exchange = Exchange<Context>(
                endpoint: endpoint, host: host, limits: limits, keys: keys, counters: counters, rate: rate)
            router.on(endpoint.routerPath, method: endpoint.method) { request, context in
                await exchange.response(to: request, context)
            }
        }
    }
}

/// Answers a route that there is not in the form of the others.
public struct UnknownRoutes<Context: RequestContext>: RouterMiddleware {
    public init() {}

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
            return ErrorForm.openAI.response(
                to: RouteError(.unknownRoute, "there is no such route; GET /openapi.json lists them"))
        }
    }
}
