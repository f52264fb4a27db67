public import AttentionTensors

/// Reads pictures: each becomes a row of vectors, which heads and decoders read.
public protocol ImageEncoder: Module {
    /// M, the size of its vectors.
    var modelSize: Int { get }
    /// How many layers can be looked into.
    var layerCount: Int { get }
    /// The heads of each of them, or of the one with the fewest.
    var headCount: Int { get }
    /// The heads that can be left out; none unless an encoder says otherwise.
    var heads: HeadCounts { get }
    /// Pictures [B, C, height, width] → vectors [B, L, M], and what is to be kept besides.
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the pictures have a size that the encoder cannot read.
    func encode(
        _ images: Tensor, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput
    /// What each vector of pictures of this size stands for: `picture 1`, `row 1, column 1`; nil if the places of a layer do not all look at
    /// each other, so that its weights are no matrix of places.
    func placeNames(height: Int, width: Int) -> [String]?
    /// The grid that the last of these vectors are places of, row by row; nil where `placeNames` is.
    func placeGrid(height: Int, width: Int) -> ImageSize?
    /// What looks at these places: they themselves, or the picture as a whole; nil if nothing does that can be shown place by place.
    func lookingNames(height: Int, width: Int) -> [String]?
}

extension ImageEncoder {
    /// Not training.
    public func encode(_ images: Tensor, observing: Observation = .nothing) throws(ShapeError) -> EncoderOutput {
        try encode(images, observing: observing, training: nil)
    }

    public func lookingNames(height: Int, width: Int) -> [String]? { placeNames(height: height, width: width) }

    public var heads: HeadCounts { HeadCounts() }
}
