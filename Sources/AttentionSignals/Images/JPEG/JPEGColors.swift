/// What the components of a picture mean, as libjpeg guesses it where the file does not say, and the pixels that come of it.
struct JPEGColors {
    var isJFIF = false
    /// What Adobe's marker says of the components: 0 as they are, 1 YCbCr, 2 YCCK.
    var adobe: Int?

    private enum Space { case grey, rgb, luma, cmyk, lumaBlack }

    private func space(of frame: JPEGFrame) -> Space {
        switch frame.components.count {
        case 1: return .grey
        case 4: return adobe == 2 ? .lumaBlack : .cmyk
        default:
            if isJFIF { return .luma }
            if let adobe { return adobe == 0 ? .rgb : .luma }
            return frame.components.map(\.identifier) == "RGB".utf8.map { Int($0) } ? .rgb : .luma
        }
    }

    /// The pixels, of planes that are as large as the picture.
    func image(of planes: [JPEGPlane], _ frame: JPEGFrame) throws(SignalError) -> Image {
        let space = space(of: frame)
        let channels: Image.Channels = space == .grey ? .grey : .rgb
        let (width, height) = (frame.width, frame.height)
        let count = width * height * channels.rawValue
        let samples = [UInt8](unsafeUninitializedCapacity: count) { output, written in
            for row in 0..<height {
                let start = row * width * channels.rawValue
                let line = UnsafeMutableBufferPointer(rebasing: output[start..<start + width * channels.rawValue])
                fill(line, row, planes, space)
            }
            written = count
        }
        return Image(unchecked: samples, width, height, channels)
    }

    private func fill(_ out: UnsafeMutableBufferPointer<UInt8>, _ row: Int, _ planes: [JPEGPlane], _ space: Space) {
        planes[0].samples.withUnsafeBufferPointer { first in
            let first = planes[0].line(row, in: first)
            if space == .grey {
                for x in first.indices { out[x] = first[x] }
                return
            }
            planes[1].samples.withUnsafeBufferPointer { second in
                planes[2].samples.withUnsafeBufferPointer { third in
                    let (second, third) = (planes[1].line(row, in: second), planes[2].line(row, in: third))
                    for x in first.indices {
                        let (red, green, blue) =
                            space == .luma || space == .lumaBlack
                            ? Self.rgb(Int32(first[x]), Int32(second[x]), Int32(third[x]))
                            : (first[x], second[x], third[x])
                        (out[3 * x], out[3 * x + 1], out[3 * x + 2]) = (red, green, blue)
                    }
                }
            }
            if planes.count == 4 { addBlack(out, row, planes[3], isComplement: space == .lumaBlack) }
        }
    }

    /// Red, green and blue of brightness and two differences (T.871, section 7), in libjpeg's fractions of 16 bits.
    @inline(__always)
    private static func rgb(_ luma: Int32, _ blueness: Int32, _ redness: Int32) -> (UInt8, UInt8, UInt8) {
        let (blue, red) = (blueness &- 128, redness &- 128)
        return (
            cut(luma &+ (91881 &* red &+ 32768) &>> 16), cut(luma &+ (-22554 &* blue &- 46802 &* red &+ 32768) &>> 16),
            cut(luma &+ (116130 &* blue &+ 32768) &>> 16)
        )
    }

    @inline(__always)
    private static func cut(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(max(value, 0), 255)) }

    /// Inks to light: what is in `out` is cyan, magenta and yellow, inverted as Adobe's programs write them – or, made from YCCK, not.
    private func addBlack(_ out: UnsafeMutableBufferPointer<UInt8>, _ row: Int, _ plane: JPEGPlane, isComplement: Bool)
    {
        plane.samples.withUnsafeBufferPointer { samples in
            let black = plane.line(row, in: samples)
            for index in out.indices {
                // YCCK's red, green and blue are the complements of the stored inks, which are inverted themselves.
                let ink = Int32(isComplement ? out[index] : 255 - out[index])
                let light = Int32(black[index / 3])
                let covered = ink * light + 128
                out[index] = Self.cut(light - (covered + covered >> 8) >> 8)
            }
        }
    }
}
