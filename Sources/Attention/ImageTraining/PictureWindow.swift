package import AttentionSignals
import AttentionTensors
import Glibc

/// A part of a picture that is cut out and enlarged to the size of the whole.
package struct PictureWindow: Sendable, Hashable {
    /// The column where it begins.
    package let x: Int
    /// The row where it begins.
    package let y: Int
    /// How many columns it has.
    package let width: Int
    /// How many rows it has.
    package let height: Int

    /// This part.
    package init(x: Int, y: Int, width: Int, height: Int) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    /// A part that is drawn: it has from this share to all of the area, and sides whose proportion is changed by 3 : 4 to 4 : 3 (Szegedy et al. 2015,
    /// *Going Deeper with Convolutions*, sec. 6).
    init(in image: Image, leastShare: Float, using generator: inout RandomGenerator) {
        let area = Float.random(in: leastShare...1, using: &generator)
        let proportion = exp(Float.random(in: -log(4 / 3)...log(4 / 3), using: &generator)).squareRoot()
        func side(_ whole: Int, _ part: Float) -> Int { min(whole, max(1, Int((Float(whole) * part).rounded()))) }
        let width = side(image.width, area.squareRoot() * proportion)
        let height = side(image.height, area.squareRoot() / proportion)
        self.init(
            x: Int.random(in: 0...image.width - width, using: &generator),
            y: Int.random(in: 0...image.height - height, using: &generator), width: width, height: height)
    }

    /// The part of a picture, as large as the whole.
    package func cut(from image: Image) throws(SignalError) -> Image {
        try image.cropped(x: x, y: y, width: width, height: height)
            .resized(width: image.width, height: image.height, filter: .bilinear)
    }
}
