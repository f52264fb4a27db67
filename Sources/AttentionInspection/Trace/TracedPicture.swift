/// The picture, or the spectrogram of the sound, that the last pieces of a sequence are places of, each a cell of a grid that covers it
/// evenly. What stands before those pieces is no place: the picture as a whole, registers.
public struct TracedPicture: Sendable, Equatable {
    /// In which order the rows of the grid are counted.
    public enum RowOrder: String, Sendable, Codable, CaseIterable {
        /// From the top of the picture, as pictures are read.
        case downwards
        /// From its bottom, as the bands of a spectrogram are.
        case upwards
    }

    /// The picture as a PNG file, small enough to stand in a page.
    public let png: [UInt8]
    /// How many pixels it is wide.
    public let width: Int
    /// How many pixels it is high.
    public let height: Int
    /// How many rows of places there are; of moments one.
    public let rowCount: Int
    /// How many columns of places there are.
    public let columnCount: Int
    /// In which order rows are counted.
    public let rowOrder: RowOrder
    /// How long the sound is whose spectrogram it is, from its left edge to its right one; nil of pictures.
    public let seconds: Double?

    /// The most pixels along a side: a page is to stay small.
    public static let sideLimit = 1024

    /// Checks and keeps a picture; its size stands in the file.
    ///
    /// - Throws: `TraceError` if the bytes do not begin as a PNG file does, a side is longer than `sideLimit`, or the grid has no row or no
    ///   column, or a sound does not last.
    public init(
        png: [UInt8], rowCount: Int, columnCount: Int, rowOrder: RowOrder = .downwards, seconds: Double? = nil
    ) throws(TraceError) {
        guard png.count > 24, png.starts(with: Self.beginning) else {
            throw .outside(part: "picture", found: "\(png.count) bytes of another", limit: "a PNG file")
        }
        func number(at place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        (width, height) = (number(at: 16), number(at: 20))
        (self.png, self.rowCount, self.columnCount, self.rowOrder) = (png, rowCount, columnCount, rowOrder)
        self.seconds = seconds
        guard 1...Self.sideLimit ~= width, 1...Self.sideLimit ~= height else {
            throw .outside(
                part: "picture", found: "\(width) by \(height)", limit: "of 1 to \(Self.sideLimit) pixels a side")
        }
        guard rowCount >= 1, columnCount >= 1, !rowCount.multipliedReportingOverflow(by: columnCount).overflow else {
            throw .outside(
                part: "places of the picture", found: "\(rowCount) by \(columnCount)",
                limit: "at least one row and one column")
        }
        if let seconds, !(seconds > 0 && seconds.isFinite) {
            throw .outside(part: "seconds of the picture", found: "\(seconds)", limit: "above 0 and finite")
        }
    }

    /// How many places there are.
    public var placeCount: Int { rowCount * columnCount }

    /// The mark of a PNG file, and the length and the name of its first chunk, which holds its size (PNG, sections 5.2 and 11.2.1).
    private static let beginning: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
}
