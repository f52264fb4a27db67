/// Colours that are transparent must not shine through when pixels are mixed.
extension Image {
    /// The picture on white paper, in red, green and blue.
    ///
    /// Source: Pillow's `AlphaComposite.c` for the rounding.
    public var flattened: Image {
        guard channels.hasAlpha else { return rgb }
        let alphaPlace = channels.rawValue - 1
        var flat: [UInt8] = []
        flat.reserveCapacity(3 * width * height)
        for pixel in 0..<width * height {
            let place = pixel * channels.rawValue
            let alpha = UInt32(samples[place + alphaPlace])
            for channel in 0..<3 {
                let color = UInt32(samples[place + (channels == .rgba ? channel : 0)])
                flat.append(UInt8(Self.divided((color * alpha + 255 * (255 - alpha)) * 128 + 128 * 128) >> 7))
            }
        }
        return Image(unchecked: flat, width, height, .rgb)
    }

    /// A number of at most 2²⁴ divided by 255, if 128 was added to it before.
    private static func divided(_ value: UInt32) -> UInt32 { ((value >> 8) + value) >> 8 }

    /// Each colour times how opaque it is.
    func premultiplied() -> Image {
        mixed { color, alpha in UInt8(Self.divided(color * alpha + 128)) }
    }

    /// Each colour divided by how opaque it is.
    func unpremultiplied() -> Image {
        mixed { color, alpha in alpha == 0 || alpha == 255 ? UInt8(color) : UInt8(min(255, 255 * color / alpha)) }
    }

    private func mixed(_ mix: (_ color: UInt32, _ alpha: UInt32) -> UInt8) -> Image {
        var mixed = samples
        let size = channels.rawValue
        for place in stride(from: 0, to: samples.count, by: size) {
            let alpha = UInt32(samples[place + size - 1])
            for channel in 0..<size - 1 { mixed[place + channel] = mix(UInt32(samples[place + channel]), alpha) }
        }
        return Image(unchecked: mixed, width, height, channels)
    }
}
