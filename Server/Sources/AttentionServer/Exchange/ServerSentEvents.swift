import AttentionJSON
import HTTPTypes
import Hummingbird
import NIOCore
internal import Synchronization

/// Events that are sent as they come (WHATWG HTML, section 9.2), and `[DONE]` behind the last, as OpenAI's clients expect.
struct ServerSentEvents: Sendable {
    private let events: AsyncThrowingStream<JSONValue, any Error>

    init(_ events: AsyncThrowingStream<JSONValue, any Error>) { self.events = events }

    /// The answer, once the first event is there.
    /// - Throws: what the source throws before it.
    func response() async throws -> Response {
        var iterator = events.makeAsyncIterator()
        let first = try await iterator.next()
        let events = events
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                do {
                    if let first { try await writer.write(Self.bytes(first)) }
                    for try await event in events { try await writer.write(Self.bytes(event)) }
                } catch let error as RouteError {
                    try await writer.write(Self.bytes(ErrorForm.openAI.body(of: error)))
                } catch  where !(error is CancellationError) && !(error is ChannelError) {
                    try await writer.write(Self.bytes(ErrorForm.openAI.body(of: RouteError(error))))
                }
                try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
                try await writer.finish(nil)
            })
    }

    private static func bytes(_ event: JSONValue) -> ByteBuffer {
        ByteBuffer(bytes: Array("data: ".utf8) + JSONWriter.write(event, as: .compact) + Array("\n\n".utf8))
    }
}

/// Of which texts something has been sent.
final class SentPieces: Sendable {
    private let begun = Mutex<Set<Int>>([])

    /// Whether nothing has been sent of this one; something has from now on.
    func isFirst(_ index: Int) -> Bool { begun.withLock { $0.insert(index).inserted } }
}
