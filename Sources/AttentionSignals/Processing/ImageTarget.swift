/// What size a picture is brought to before a model sees it: what `size` of `preprocessor_config.json` says.
public enum ImageTarget: Sendable, Hashable {
    /// Exactly so, whatever its proportions.
    case exact(height: Int, width: Int)
    /// The shorter side so long, the other in proportion, rounded down.
    case shortestEdge(Int)
    /// The shorter side so long, but the longer one not longer than that: DETR's.
    case edges(shortest: Int, longest: Int)
    /// As large as fits, in proportion.
    case within(height: Int, width: Int)
    /// ConvNeXT's: below 384, the shorter side so long divided by `part`, of which the middle square is kept; from 384 on exactly that square.
    case square(Int, part: Double)

    /// The size of a picture of these sizes once it is resized.
    ///
    /// - Precondition: all sizes are positive.
    func size(ofWidth width: Int, height: Int) -> (width: Int, height: Int) {
        switch self {
        case .exact(let newHeight, let newWidth): return (newWidth, newHeight)
        case .shortestEdge(let edge): return Self.size(width, height, shortest: edge)
        case .edges(let shortest, let longest): return Self.size(width, height, shortest: shortest, longest: longest)
        case .within(let most, let widest):
            let scale = min(Double(most) / Double(height), Double(widest) / Double(width))
            return (whole(Double(width) * scale), whole(Double(height) * scale))
        case .square(let edge, let part):
            return edge < 384
                ? Self.size(width, height, shortest: whole(Double(edge) / part)) : (edge, edge)
        }
    }

    private static func size(_ width: Int, _ height: Int, shortest: Int) -> (width: Int, height: Int) {
        let (short, long) = (min(width, height), max(width, height))
        let other = whole(Double(shortest) * Double(long) / Double(short))
        return width <= height ? (shortest, other) : (other, shortest)
    }

    /// transformers' `get_size_with_aspect_ratio`, which rounds the shorter side and takes the longer from the number before rounding.
    private static func size(_ width: Int, _ height: Int, shortest: Int, longest: Int) -> (width: Int, height: Int) {
        let (short, long) = (Double(min(width, height)), Double(max(width, height)))
        var (edge, exact) = (shortest, Double(shortest))
        if long / short * exact > Double(longest) {
            exact = Double(longest) * short / long
            edge = whole(exact.rounded(.toNearestOrEven))
        }
        if min(width, height) == edge { return (width, height) }
        return width < height
            ? (edge, whole(exact * Double(height) / Double(width)))
            : (whole(exact * Double(width) / Double(height)), edge)
    }
}

/// The whole part of a size; of one that no picture has, a size that is refused.
private func whole(_ size: Double) -> Int { Int(min(max(size, 0), 1e9)) }
