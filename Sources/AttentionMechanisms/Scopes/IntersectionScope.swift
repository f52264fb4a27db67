public import AttentionTensors

/// The pairs that all of several scopes admit.
///
/// Bands stay symbolic: Mistral's window of W tokens is `.intersection(.causal, .slidingWindow(left: W - 1, right: nil))`, one band
/// that the fused kernel takes.
public struct IntersectionScope: Scope {
    /// The scopes, in any order.
    public let scopes: [any Scope]

    /// Where all of these scopes admit; without any, everywhere.
    public init(scopes: [any Scope]) { self.scopes = scopes }

    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        var region = Region.everywhere
        for scope in scopes {
            region = try region.intersection(try scope.region(query: query, memory: memory, positions: positions))
        }
        return region
    }
}

extension Scope where Self == IntersectionScope {
    /// Where all of these scopes admit.
    public static func intersection(_ scopes: any Scope...) -> IntersectionScope { IntersectionScope(scopes: scopes) }
}
