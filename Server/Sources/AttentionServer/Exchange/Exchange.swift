import AttentionJSON
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// One request and its answer: who may ask, the body within its limits, the answer while the client is there, a refusal in the form of the
/// route, a line in the log.
struct Exchange<Context: ServedContext>: Sendable {
    let endpoint: Endpoint
    let host: ModelHost
    let limits: ServerLimits
    let keys: APIKeys
    let counters: RequestCounters
    let rate: RequestRate?

    func response(to request: Request, _ context: Context) async -> Response {
        let (start, notes) = (ContinuousClock.now, RequestNotes())
        var response: Response
        do {
            response = try await answer(request, context, notes)
        } catch { response = endpoint.form.response(to: RouteError(error)) }
        harden(&response, context)
        let status = response.status
        let finished = { @Sendable in
            finish(context.logger, notes, status, took: ContinuousClock.now - start)
        }
        guard response.body.contentLength == nil else {
            finished()
            return response
        }
        let body = response.body
        response.body = ResponseBody { writer in
            defer { finished() }
            try await body.write(writer)
        }
        return response
    }

    private func answer(
        _ request: Request, _ context: Context, _ notes: RequestNotes
    ) async throws -> Response {
        try checkMemory()
        if endpoint.form != .libreTranslate { try admit(request, context, nil, notes) }
        // Most of what comes to a server that is full costs no more than this.
        if let task = endpoint.task { try await host.checkRoom(for: task, client: notes.current.client) }
        let incoming = Incoming(
            head: request.head,
            parameter: endpoint.parameters.first.flatMap { context.parameters.get($0) },
            body: try await body(of: request), notes: notes, limits: limits)
        if endpoint.form == .libreTranslate { try admit(request, context, incoming, notes) }
        let (limit, answer) = (limits.answering, endpoint.answer)
        return try await Connection.of(context.channel).whileOpen(for: limit) { try await answer(incoming) }
    }

    /// Refuses what would need more memory when there is no more to be had, before the system ends the process.
    private func checkMemory() throws(RouteError) {
        guard let limit = limits.memoryBytes, endpoint.access == .keyed, let found = ResidentMemory.byteCount,
            found > limit
        else { return }
        throw RouteError(.overloaded(retryAfter: 5), "the server has no memory left for more requests; try again later")
    }

    /// Refuses whoever has no key where one is needed, or asks too often. LibreTranslate's clients have it in the body.
    private func admit(
        _ request: Request, _ context: Context, _ incoming: Incoming?, _ notes: RequestNotes
    ) throws(RouteError) {
        guard endpoint.access == .keyed else { return }
        let key = try checkedKey(request, incoming)
        let client = key.map { "key " + $0 } ?? context.channel.remoteAddress?.ipAddress ?? ""
        notes.note(client: client)
        try rate?.take(client)
    }

    /// The key of a request; nil where none is needed.
    private func checkedKey(_ request: Request, _ incoming: Incoming?) throws(RouteError) -> String? {
        guard keys.isNeeded else { return nil }
        var found = request.headers[.authorization].flatMap { value in
            value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7)) : nil
        }
        if found == nil, let incoming, incoming.body.readableBytes > 0 {
            found = try incoming.fieldsOrForm().string("api_key")
        }
        guard let found, keys.admits(found) else {
            throw RouteError(.unauthorized, "expected a known API key, found \(found == nil ? "none" : "another")")
        }
        return found
    }

    private func body(of request: Request) async throws -> ByteBuffer {
        let limit = endpoint.content == .form ? limits.soundBytes : limits.bodyBytes
        let tooLarge = RouteError(
            .tooLarge, "expected a body of at most \(limit) bytes, found a larger one; send several requests")
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
        do { return try await request.body.collect(upTo: limit) } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch {
            throw RouteError(.late, "the body did not come in time")
        }
    }

    private func harden(_ response: inout Response, _ context: Context) {
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.requestID] = context.id
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    private func finish(_ logger: Logger, _ notes: RequestNotes, _ status: HTTPResponse.Status, took: Duration) {
        let noted = notes.current
        counters.count(endpoint, status, noted, took: took)
        logger.info(
            "request",
            metadata: [
                "route": "\(endpoint.method) \(endpoint.path)", "status": "\(status.code)",
                "model": "\(noted.model ?? "-")", "rows": "\(noted.rows)", "tokens": "\(noted.tokens)",
                "written": "\(noted.writtenTokens)", "queue_ms": "\(noted.waited.milliseconds)",
                "compute_ms": "\(noted.computed.milliseconds)", "total_ms": "\(took.milliseconds)",
            ])
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("x-request-id")!
}

extension Duration {
    /// Seconds as a number.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    /// Milliseconds, to a tenth.
    var milliseconds: Double { (seconds * 10_000).rounded() / 10 }
}
