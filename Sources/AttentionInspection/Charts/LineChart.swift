/// A chart of one or more lines, such as a learning curve or BLEU by sentence length; `svg` draws it.
public struct LineChart: Sendable, Equatable {
    /// One point of a line.
    public struct Point: Sendable, Hashable {
        /// Where it stands on the horizontal axis.
        public let x: Double
        /// Where it stands on the vertical axis.
        public let y: Double

        /// A point at these values, in the units of the axes.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Between which values a line may lie at one place: a confidence interval, or the range of several runs.
    public struct Interval: Sendable, Hashable {
        /// Where it stands on the horizontal axis.
        public let x: Double
        /// Its lower end, on the vertical axis.
        public let low: Double
        /// Its upper end.
        public let high: Double

        /// An interval of these ends, in the units of the axes.
        public init(x: Double, low: Double, high: Double) {
            self.x = x
            self.low = low
            self.high = high
        }
    }

    /// One line. A point that the axes cannot show (not finite, or not positive on a logarithmic axis) interrupts it, and so does such an interval the band
    /// around it.
    public struct Series: Sendable, Hashable {
        /// Its name in the legend.
        public let name: String
        /// Its points, in the order they are joined.
        public let points: [Point]
        /// The band around it, from interval to interval; empty for a line that is all there is to know.
        public let band: [Interval]

        /// A line through these points, and the band around it.
        public init(name: String, points: [Point], band: [Interval] = []) {
            self.name = name
            self.points = points
            self.band = band
        }
    }

    /// How values become positions.
    public enum Scale: Sendable, Hashable {
        /// Equal differences are equal distances.
        case linear
        /// Equal ratios are equal distances; for positive values only.
        case logarithmic
    }

    /// One of the two axes.
    public struct Axis: Sendable, Hashable {
        /// What it measures, with its unit.
        public let title: String
        /// How its values become positions.
        public let scale: Scale

        /// An axis whose range is chosen by the points.
        public init(_ title: String, scale: Scale = .linear) {
            self.title = title
            self.scale = scale
        }
    }

    /// The title.
    public let title: String
    /// The horizontal axis.
    public let x: Axis
    /// The vertical axis.
    public let y: Axis
    /// The lines, in the order of the legend.
    public let series: [Series]

    /// Describes a chart; its ranges are chosen by the points.
    ///
    /// - Parameters:
    ///   - title: the heading.
    ///   - x: the horizontal axis.
    ///   - y: the vertical axis.
    ///   - series: the lines, in the order of the legend.
    public init(title: String, x: Axis, y: Axis, series: [Series]) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
    }
}
