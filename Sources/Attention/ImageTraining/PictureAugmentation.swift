package import AttentionSignals
package import AttentionTensors

/// A picture as it might have been instead: cut out of itself, seen in a mirror, moved.
package struct PictureAugmentation: Sendable {
    private let settings: PictureSettings

    /// What these settings ask for.
    package init(settings: PictureSettings) { self.settings = settings }

    /// Another picture of the same size; the same of the same picture and key.
    ///
    /// What is cut out has from `crop` to all of the area, and sides whose proportion is changed by 3 : 4 to 4 : 3 (Szegedy et al. 2015, *Going
    /// Deeper with Convolutions*, sec. 6).
    package func callAsFunction(_ image: Image, key: RandomKey) throws(SignalError) -> Image {
        var generator = key.generator()
        var image = image
        if settings.crop < 1 { image = try cut(image, &generator) }
        if settings.flips, Bool.random(using: &generator) { image = image.mirrored }
        let range = -settings.shift...settings.shift
        return image.moved(
            right: Int.random(in: range, using: &generator), down: Int.random(in: range, using: &generator))
    }

    private func cut(_ image: Image, _ generator: inout RandomGenerator) throws(SignalError) -> Image {
        let window = PictureWindow(in: image, leastShare: settings.crop, using: &generator)
        return try window.cut(from: image)
    }
}
