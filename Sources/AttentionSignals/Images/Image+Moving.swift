extension Image {
    /// The same picture seen in a mirror: left is right.
    public var mirrored: Image {
        let size = channels.rawValue
        var mirrored: [UInt8] = []
        mirrored.reserveCapacity(samples.count)
        for row in 0..<height {
            for column in (0..<width).reversed() {
                let start = (row * width + column) * size
                mirrored.append(contentsOf: samples[start..<start + size])
            }
        }
        return Image(unchecked: mirrored, width, height, channels)
    }

    /// The same picture upside down: above is below.
    public var flipped: Image {
        let size = width * channels.rawValue
        var flipped: [UInt8] = []
        flipped.reserveCapacity(samples.count)
        for row in (0..<height).reversed() { flipped.append(contentsOf: samples[row * size..<(row + 1) * size]) }
        return Image(unchecked: flipped, width, height, channels)
    }

    /// The same picture moved by so many pixels, 0 in every sample where nothing of it is left.
    public func moved(right: Int, down: Int) -> Image {
        guard right != 0 || down != 0 else { return self }
        var moved = [UInt8](repeating: 0, count: samples.count)
        let (size, count) = (channels.rawValue, max(0, width - min(abs(right), width)))
        guard count > 0 else { return Image(unchecked: moved, width, height, channels) }
        for row in 0..<height where 0..<height ~= row + down {
            let source = (row * width + max(0, -right)) * size
            let target = ((row + down) * width + max(0, right)) * size
            moved.replaceSubrange(target..<target + count * size, with: samples[source..<source + count * size])
        }
        return Image(unchecked: moved, width, height, channels)
    }
}
