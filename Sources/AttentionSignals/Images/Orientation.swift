/// How a camera was held: where row 0 and column 0 of the stored picture belong, by the numbers of EXIF.
///
/// Source: CIPA DC-008, *Exchangeable image file format (Exif)*, tag 0x0112.
enum Orientation: Int {
    case upright = 1
    case mirrored, upsideDown, flipped, transposed, turnedRight, transversed, turnedLeft

    /// What the EXIF block says – a TIFF file – or upright if it says nothing that can be read.
    init(exif bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        self = .upright
        let order: ByteFields.Order
        if bytes.starts(with: [0x49, 0x49, 42, 0]) {
            order = .littleEndian
        } else if bytes.starts(with: [0x4D, 0x4D, 0, 42]) {
            order = .bigEndian
        } else {
            return
        }
        do throws(SignalError) {
            if let found = try Self.entry(in: ByteFields(bytes, "exif", order)) { self = found }
        } catch {}  // what is only about the picture does not stop it from being shown
    }

    private static func entry(in fields: ByteFields) throws(SignalError) -> Orientation? {
        let directory = try fields.word(4)
        for index in 0..<(try fields.short(directory)) {
            let place = directory + 2 + 12 * index
            guard try fields.short(place) == 0x0112 else { continue }
            return Orientation(rawValue: try fields.short(place + 8))
        }
        return nil
    }

    /// Whether rows become columns.
    private var exchangesSides: Bool { rawValue >= 5 }

    /// The picture as it was seen.
    func applied(to image: Image) -> Image {
        if self == .upright { return image }
        let (width, height) = exchangesSides ? (image.height, image.width) : (image.width, image.height)
        let size = image.channels.rawValue
        let samples = [UInt8](unsafeUninitializedCapacity: image.samples.count) { output, written in
            image.samples.withUnsafeBufferPointer { samples in
                for y in 0..<height {
                    for x in 0..<width {
                        let (column, row) = source(ofX: x, y: y, in: image)
                        let (from, to) = ((row * image.width + column) * size, (y * width + x) * size)
                        for channel in 0..<size { output[to + channel] = samples[from + channel] }
                    }
                }
            }
            written = image.samples.count
        }
        return Image(unchecked: samples, width, height, image.channels)
    }

    /// Which stored pixel is seen at (x, y).
    @inline(__always)
    private func source(ofX x: Int, y: Int, in image: Image) -> (column: Int, row: Int) {
        let (right, bottom) = (image.width - 1, image.height - 1)
        return switch self {
        case .upright: (x, y)
        case .mirrored: (right - x, y)
        case .upsideDown: (right - x, bottom - y)
        case .flipped: (x, bottom - y)
        case .transposed: (y, x)
        case .turnedRight: (y, bottom - x)
        case .transversed: (right - y, bottom - x)
        case .turnedLeft: (right - y, x)
        }
    }
}
