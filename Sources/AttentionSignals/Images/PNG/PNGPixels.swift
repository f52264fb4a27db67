/// The pixels of a picture from its lines: unpacked, spread to 8 bits, looked up in the palette (sections 7 and 13).
struct PNGPixels {
    private let header: PNGHeader
    private let layout: PNGLayout
    private let channels: Image.Channels
    /// Red, green, blue and alpha of each colour of the palette.
    private let palette: [UInt8]
    /// The one colour that is transparent.
    private let transparent: [Int]?

    init(_ file: PNGFile, _ layout: PNGLayout) throws(SignalError) {
        (header, self.layout) = (file.header, layout)
        let hasAlpha = file.transparency != nil
        switch file.header.color {
        case .grey: channels = hasAlpha ? .greyAlpha : .grey
        case .rgb, .palette: channels = hasAlpha ? .rgba : .rgb
        case .greyAlpha: channels = .greyAlpha
        case .rgba: channels = .rgba
        }
        var (palette, transparent): ([UInt8], [Int]?) = ([], nil)
        if let transparency = file.transparency, file.header.color != .palette {
            transparent = stride(from: 0, to: transparency.count, by: 2).map {
                Int(transparency[$0]) << 8 | Int(transparency[$0 + 1])
            }
        }
        for index in 0..<file.palette.count / 3 {
            let alpha = file.transparency.map { index < $0.count ? $0[index] : 255 } ?? 255
            palette += file.palette[3 * index..<3 * index + 3] + [alpha]
        }
        (self.palette, self.transparent) = (palette, transparent)
    }

    func image(from lines: [UInt8]) throws(SignalError) -> Image {
        var samples = [UInt8](repeating: 0, count: header.width * header.height * channels.rawValue)
        for pass in layout.passes {
            for row in 0..<pass.height {
                let start = pass.start + row * (pass.lineSize + 1) + 1
                let line = lines[start..<start + pass.lineSize]
                let target = ((pass.y + row * pass.stepY) * header.width + pass.x) * channels.rawValue
                if header.depth == 8, pass.stepX == 1, header.sampleCount == channels.rawValue, header.color != .palette
                {
                    samples.replaceSubrange(target..<target + pass.lineSize, with: line)
                } else {
                    try unpack(line, pass, to: &samples, from: target)
                }
            }
        }
        return Image(unchecked: samples, header.width, header.height, channels)
    }

    private func unpack(
        _ line: ArraySlice<UInt8>, _ pass: PNGLayout.Pass, to samples: inout [UInt8], from target: Int
    ) throws(SignalError) {
        let count = header.sampleCount
        for pixel in 0..<pass.width {
            let place = target + pixel * pass.stepX * channels.rawValue
            if header.color == .palette {
                let index = value(pixel, in: line)
                guard 4 * index < palette.count else {
                    throw .malformed(
                        operation: "png", expected: "a colour of the palette, which has \(palette.count / 4)",
                        found: "number \(index)")
                }
                for channel in 0..<channels.rawValue { samples[place + channel] = palette[4 * index + channel] }
                continue
            }
            var isTransparent = transparent != nil
            for channel in 0..<count {
                let value = value(pixel * count + channel, in: line)
                samples[place + channel] = spread(value)
                if let transparent, transparent[channel] != value { isTransparent = false }
            }
            if transparent != nil { samples[place + count] = isTransparent ? 0 : 255 }
        }
    }

    /// The sample at this place of a line, as it is stored.
    @inline(__always)
    private func value(_ index: Int, in line: ArraySlice<UInt8>) -> Int {
        let start = line.startIndex
        switch header.depth {
        case 8: return Int(line[start + index])
        case 16: return Int(line[start + 2 * index]) << 8 | Int(line[start + 2 * index + 1])
        default:
            let bit = index * header.depth
            let shift = 8 - header.depth - bit % 8
            return Int(line[start + bit / 8]) >> shift & (1 << header.depth - 1)
        }
    }

    @inline(__always)
    private func spread(_ value: Int) -> UInt8 {
        header.depth == 16 ? UInt8(value >> 8) : UInt8(value * 255 / (1 << header.depth - 1))
    }
}
