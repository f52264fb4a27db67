package import AttentionSignals
package import AttentionTensors

/// A picture with objects on it as it might have been instead: cut out of itself, seen in a mirror, turned upside down; boxes move along.
package struct BoxAugmentation: Sendable {
    private let settings: BoxedPictureSettings

    /// What these settings ask for.
    package init(settings: BoxedPictureSettings) { self.settings = settings }

    /// Another picture of the same size; the same of the same picture and key.
    package func callAsFunction(_ picture: BoxedPicture, key: RandomKey) throws(SignalError) -> BoxedPicture {
        var generator = key.generator()
        var picture = picture
        if settings.crop < 1 {
            picture = try picture.cut(
                to: PictureWindow(in: picture.image, leastShare: settings.crop, using: &generator))
        }
        if settings.mirrors, Bool.random(using: &generator) { picture = picture.mirrored }
        if settings.flips, Bool.random(using: &generator) { picture = picture.flipped }
        return picture
    }
}
