/// What the server takes, and for how long. Each wait has an end.
public struct ServerLimits: Sendable, Hashable {
    /// How many bytes a body has at most.
    public var bodyBytes = 4 << 20
    /// How many bytes a form with a sound has at most.
    public var soundBytes = 32 << 20
    /// How many requests a client may send in a second; nil for any number.
    public var requestsPerSecond: Double?
    /// How much memory the process may hold before requests are refused; nil for any amount.
    public var memoryBytes: Int?
    /// How many texts a request has at most.
    public var texts = 2048
    /// How many characters a text to be translated has at most.
    public var translatedCharacters = 20_000
    /// How many tokens are written at most, whatever a request asks for.
    public var newTokens = 4096
    /// How many tokens are written where a request says nothing.
    public var defaultNewTokens = 512
    /// How many texts are written for one prompt at most.
    public var choices = 8
    /// How many stop words a request has at most.
    public var stopWords = 16
    /// How many bytes all header fields of a request have at most.
    public var headerBytes = 32 << 10
    /// How many connections are open at most.
    public var connections = 1024
    /// How long a connection may be idle between two requests, and a request's head may take.
    public var idle = Duration.seconds(60)
    /// How long a body may take to come in.
    public var reading = Duration.seconds(30)
    /// How long a client may take until it reads on.
    public var writing = Duration.seconds(30)
    /// How long an answer may take, the wait in the queue included; what is written piece by piece may take longer.
    public var answering = Duration.seconds(120)

    /// The defaults.
    public init() {}
}
