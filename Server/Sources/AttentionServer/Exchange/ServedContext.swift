public import Hummingbird
public import NIOCore

/// What the routes need of an application's context: the connection, to know when its client goes.
public protocol ServedContext: RequestContext {
    /// The connection.
    var channel: any Channel { get }
}

/// A context with nothing more.
public struct ServerContext: ServedContext {
    public var coreContext: CoreRequestContextStorage
    public let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
