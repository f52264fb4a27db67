/// A picture of attention as shapes, for any medium that has rectangles, curves, text and pictures: SVG, PDF.
///
/// Places are in pixels from the upper left corner. Colours are told by the role of a shape, so that a medium can have its own.
public struct Figure: Sendable, Equatable {
    /// What is shown, for those who cannot see it.
    public let title: String
    /// The width in pixels.
    public let width: Double
    /// The height in pixels.
    public let height: Double
    let shapes: [Shape]

    init(title: String, width: Double, height: Double, shapes: [Shape]) {
        (self.title, self.width, self.height, self.shapes) = (title, width.rounded(), height.rounded(), shapes)
    }

    /// One shape.
    enum Shape: Sendable, Equatable {
        /// A rectangle.
        case box(Box)
        /// A curve.
        case link(Link)
        /// A line of text.
        case text(Label)
        /// A picture that a model has seen, or the spectrogram of what it has heard.
        case picture(Picture)
    }

    /// A rectangle; `opacity` shades it, `tip` is told when it is pointed at.
    struct Box: Sendable, Equatable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
        var role: Role
        var opacity: Double? = nil
        var tip: String? = nil
    }

    /// A curve between two places, which leaves and arrives level; one that rises goes straight up at both ends.
    struct Link: Sendable, Equatable {
        var from: (x: Double, y: Double)
        var to: (x: Double, y: Double)
        var role: Role
        var opacity: Double
        var tip: String
        /// How far above its ends the curve is drawn to; nil if it does not rise.
        var rise: Double? = nil

        static func == (left: Link, right: Link) -> Bool {
            left.from == right.from && left.to == right.to && left.role == right.role && left.opacity == right.opacity
                && left.tip == right.tip && left.rise == right.rise
        }
    }

    /// The two places that a curve is drawn towards.
    static func controls(of link: Link) -> (first: (x: Double, y: Double), second: (x: Double, y: Double)) {
        if let rise = link.rise {
            return ((link.from.x, link.from.y - rise), (link.to.x, link.to.y - rise))
        }
        let middle = (link.from.x + link.to.x) / 2
        return ((middle, link.from.y), (middle, link.to.y))
    }

    /// A line of text; what it says may be anything, media escape it.
    struct Label: Sendable, Equatable {
        var text: String
        var x: Double
        var y: Double
        var role: Role = .plain
        /// Whether `y` is the middle of the letters, not their foot.
        var isCentred = false
        /// Whether the text rises to the right by 50°.
        var isSlanted = false
    }

    /// A picture, drawn out to a rectangle and paler than it is, so that what lies over it is seen.
    struct Picture: Sendable, Equatable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
        var source: TracedPicture

        /// How much of the ground behind it is not seen.
        static let opacity = 0.6

        /// Whether both are the same but for the place where they stand.
        func isLike(_ other: Picture) -> Bool {
            width == other.width && height == other.height && source == other.source
        }
    }

    /// The pictures among the shapes, each once however often it is drawn.
    var pictures: [Picture] {
        shapes.reduce(into: []) { found, shape in
            if case .picture(let picture) = shape, !found.contains(where: picture.isLike) { found.append(picture) }
        }
    }

    /// What a shape is for, by which it gets its colour and its type.
    enum Role: Sendable, Equatable {
        /// The ground of cells.
        case panel
        /// A cell of a matrix.
        case cell
        /// A place of a picture, shaded by its weight, without a line around it.
        case heat
        /// The outline of the place that looks.
        case frame
        /// The n-th of several heads; six colours, told apart by people who see few, and then from the first again.
        case series(Int)
        /// Text that ends, begins or is centred at its place, and the title.
        case row, plain, middle, title
    }
}

extension Figure.Role {
    /// How many heads have a colour of their own.
    static let seriesCount = 6
}
