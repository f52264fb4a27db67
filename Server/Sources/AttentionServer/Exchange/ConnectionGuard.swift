public import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Sees that no client holds a connection for longer than it may, and tells requests when their client has gone.
///
/// A client that closes its side while it is answered is taken to have gone, as reverse proxies take it: what is computed for it is stopped.
/// A body that does not come in time and an answer that is not read in time end the connection.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    let connection = Connection()
    private let limits: ServerLimits
    private var reading: Scheduled<Void>?
    private var writing: Scheduled<Void>?

    init(_ limits: ServerLimits) { self.limits = limits }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: reading = closing(context, after: limits.reading)
        case .body: break
        case .end: stop(&reading)
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stop(&writing)
        } else if writing == nil {
            writing = closing(context, after: limits.writing)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        stop(&reading)
        stop(&writing)
        connection.close()
    }

    private func closing(_ context: ChannelHandlerContext, after duration: Duration) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: TimeAmount(duration)) { channel.close(promise: nil) }
    }

    private func stop(_ task: inout Scheduled<Void>?) {
        task?.cancel()
        task = nil
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

extension HTTPServerBuilder {
    /// HTTP/1.1 whose connections obey these limits, and whose requests end when their client goes. An application that mounts the routes
    /// should be built on it.
    public static func attention(_ limits: ServerLimits = ServerLimits()) -> HTTPServerBuilder {
        .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(limits)], idleTimeout: TimeAmount(limits.idle),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                    maxHeaderFieldCount: 100)))
    }
}

extension Connection {
    /// The other end of a channel: what its guard knows of it. A channel without one, or that is closed already, says itself when it closes.
    static func of(_ channel: any Channel) async -> Connection {
        let guarded = try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self).connection
        }.get()
        if let guarded { return guarded }
        let connection = Connection()
        // What waits for the end of a channel waits there until then, and is not to hold more than it must.
        channel.closeFuture.whenComplete { [weak connection] _ in connection?.close() }
        return connection
    }
}
