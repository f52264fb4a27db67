extension Image {
    /// The same picture in red, green and blue; how opaque it is gets lost, as with Pillow's `convert("RGB")`.
    public var rgb: Image {
        switch channels {
        case .rgb: self
        case .grey, .greyAlpha: converted(to: .rgb) { samples, place, _ in samples[place] }
        case .rgba: converted(to: .rgb) { samples, place, channel in samples[place + channel] }
        }
    }

    /// The same picture in shades of grey: L = (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶, the luma of ITU-R BT.601 as Pillow rounds it.
    public var grey: Image {
        switch channels {
        case .grey: self
        case .greyAlpha: converted(to: .grey) { samples, place, _ in samples[place] }
        case .rgb, .rgba:
            converted(to: .grey) { samples, place, _ in
                let red = 19595 * UInt32(samples[place])
                let green = 38470 * UInt32(samples[place + 1])
                return UInt8((red + green + 7471 * UInt32(samples[place + 2]) + 0x8000) >> 16)
            }
        }
    }

    /// A picture of other channels; `value` makes one of the pixel whose samples begin at a place.
    @inline(__always)
    private func converted(
        to channels: Channels, _ value: (_ samples: UnsafeBufferPointer<UInt8>, _ place: Int, _ channel: Int) -> UInt8
    ) -> Image {
        let (from, to, count) = (self.channels.rawValue, channels.rawValue, width * height)
        let converted = [UInt8](unsafeUninitializedCapacity: count * to) { output, written in
            samples.withUnsafeBufferPointer { samples in
                for pixel in 0..<count {
                    for channel in 0..<to { output[pixel * to + channel] = value(samples, pixel * from, channel) }
                }
            }
            written = count * to
        }
        return Image(unchecked: converted, width, height, channels)
    }
}
