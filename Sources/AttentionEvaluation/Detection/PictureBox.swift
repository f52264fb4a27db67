/// Where something is on a picture, in pixels.
public struct PictureBox: Sendable, Hashable, Codable {
    /// The column where it begins.
    public var left: Double
    /// The row where it begins.
    public var top: Double
    /// How many columns it has.
    public var width: Double
    /// How many rows it has.
    public var height: Double

    /// A box of this size.
    public init(left: Double, top: Double, width: Double, height: Double) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
    }

    /// How many pixels it has.
    public var area: Double { width * height }

    /// |A ∩ B|.
    func common(with other: PictureBox) -> Double {
        let columns = min(left + width, other.left + other.width) - max(left, other.left)
        let rows = min(top + height, other.top + other.height) - max(top, other.top)
        return columns > 0 && rows > 0 ? columns * rows : 0
    }
}

/// Something that is on a picture.
public struct TrueBox: Sendable, Hashable {
    /// What it is.
    public var label: Int
    /// Where it is.
    public var box: PictureBox
    /// How many pixels of the box belong to it.
    public var area: Double
    /// Whether it is many of its kind, of which none is counted: what is found in it is neither right nor wrong.
    public var isCrowd: Bool

    /// Something of this kind; of all pixels of its box unless said otherwise.
    public init(label: Int, box: PictureBox, area: Double? = nil, isCrowd: Bool = false) {
        (self.label, self.box, self.area, self.isCrowd) = (label, box, area ?? box.area, isCrowd)
    }
}

/// Something that was found on a picture.
public struct FoundBox: Sendable, Hashable {
    /// What it is said to be.
    public var label: Int
    /// Where it is said to be.
    public var box: PictureBox
    /// How sure that is said to be.
    public var score: Double

    /// Something of this kind.
    public init(label: Int, box: PictureBox, score: Double) {
        (self.label, self.box, self.score) = (label, box, score)
    }
}
