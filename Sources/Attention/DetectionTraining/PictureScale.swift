public import AttentionModels

/// What pictures are brought to while they are read.
public enum PictureScale: Sendable, Hashable {
    /// To nothing: each stays as it is.
    case own
    /// To the size of the first.
    case first
    /// To this size.
    case size(ImageSize)
}
