import AttentionModels

/// Settings that bring pictures to one size and cut parts out of them.
protocol PictureFrameSettings {
    /// The rows that pictures are brought to; 0 for those of the first.
    var height: Int { get }
    /// The columns; 0 for those of the first.
    var width: Int { get }
    /// The least part of a picture's area that is cut out and enlarged; 1 never cuts.
    var crop: Float { get }
}

extension PictureFrameSettings {
    /// Throws what is wrong with these, if anything is.
    func validateFrame() throws(ConfigurationError) {
        guard (height == 0) == (width == 0) else {
            throw ConfigurationError(
                "pictures.width", expected: "0 where pictures.height is 0, and only there", found: "\(width)")
        }
        guard crop > 0, crop <= 1 else {
            throw ConfigurationError("pictures.crop", expected: "above 0 and at most 1", found: "\(crop)")
        }
    }
}
