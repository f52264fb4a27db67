import Attention

/// A request that is not answered as it wished. It knows its answer in the form of each family of routes, and says nothing of paths, prompts
/// or the inside of the program.
public struct RouteError: Error, Sendable, Hashable {
    /// What kind of refusal it is.
    public enum Reason: Sendable, Hashable {
        /// The request is not what the route reads.
        case malformed
        /// There is nothing in it.
        case empty
        /// A text has more tokens than the model reads, or there are more texts than are taken at once.
        case tooLong
        /// The body has more bytes than are read.
        case tooLarge
        /// No key, or one that is not known.
        case unauthorized
        /// No model of this name does this.
        case unknownModel
        /// There is no such route.
        case unknownRoute
        /// No place in the queue; there may be one after so many seconds.
        case overloaded(retryAfter: Int)
        /// The server is about to stop.
        case stopping
        /// The body did not come in time.
        case late
        /// The client has gone; nobody reads this.
        case gone
        /// The model failed.
        case backend
    }

    /// What kind.
    public let reason: Reason
    /// A sentence: what was expected, what was found, the way out.
    public let message: String
    /// The member of the request that it is about; nil if it is about all of it.
    public let parameter: String?

    /// A refusal.
    public init(_ reason: Reason, _ message: String, parameter: String? = nil) {
        (self.reason, self.message, self.parameter) = (reason, message, parameter)
    }
}

extension RouteError {
    /// A member that is not what it should be.
    static func unfit(_ parameter: String, expected: String, found: String) -> RouteError {
        RouteError(.malformed, "expected \(expected) as \(parameter), found \(found)", parameter: parameter)
    }

    /// What an error is, for someone outside. What the program alone should know is left out.
    package init(_ error: any Error) {
        switch error {
        case let error as RouteError: self = error
        case SchedulerError.full:
            self.init(.overloaded(retryAfter: 1), "the queue of the model is full; try again later")
        case SchedulerError.expired:
            self.init(.overloaded(retryAfter: 2), "the request has waited for as long as any may; try again later")
        case PretrainedError.promptTooLong(let tokens, let limit):
            self = .tooManyTokens(tokens, limit: limit, parameter: nil)
        case TranslationError.tooLong(let pieces, let limit):
            self = .tooManyTokens(pieces, limit: limit, parameter: nil)
        case PretrainedError.nothingToBeginWith:
            self.init(.empty, "expected a prompt of at least one token, found none")
        case SearchError.setting(let name, let expected, let found):
            self.init(.malformed, "expected \(expected) as \(name), found \(found)")
        case is CancellationError, SearchError.cancelled: self.init(.gone, "the client has gone")
        default: self.init(.backend, "the model failed on this request")
        }
    }
}
