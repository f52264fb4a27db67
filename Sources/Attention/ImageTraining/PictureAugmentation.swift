package import AttentionSignals
package import AttentionTensors
import Glibc

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
        let area = Float.random(in: settings.crop...1, using: &generator)
        let proportion = exp(Float.random(in: -log(4 / 3)...log(4 / 3), using: &generator)).squareRoot()
        func side(_ whole: Int, _ part: Float) -> Int { min(whole, max(1, Int((Float(whole) * part).rounded()))) }
        let width = side(image.width, area.squareRoot() * proportion)
        let height = side(image.height, area.squareRoot() / proportion)
        return try image.cropped(
            x: Int.random(in: 0...image.width - width, using: &generator),
            y: Int.random(in: 0...image.height - height, using: &generator), width: width, height: height
        ).resized(width: image.width, height: image.height, filter: .bilinear)
    }
}
