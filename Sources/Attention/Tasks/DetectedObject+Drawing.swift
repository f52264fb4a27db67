public import AttentionFiles
import AttentionInspection
public import AttentionSignals

extension Image {
    /// Writes the picture with a frame around each object, one colour for each label: as a PNG file, or with names as an SVG document that holds
    /// the picture, as the path ends.
    /// - Throws: `FileError` if the file cannot be written.
    public func write(_ objects: [DetectedObject], to path: String) throws(FileError) {
        let labels = Array(Set(objects.map(\.label))).sorted()
        func color(_ object: DetectedObject) -> [UInt8] {
            let colors: [[UInt8]] = [
                [217, 84, 30], [61, 53, 168], [0, 135, 106], [184, 72, 140], [168, 120, 0], [47, 143, 196],
            ]
            return colors[(labels.firstIndex(of: object.label) ?? 0) % colors.count]
        }
        // The surest lie on top.
        guard FileEnding.of(path, among: [".png", ".svg"]) == ".svg" else {
            let picture = outlined(
                objects.reversed().map { object in
                    Outline(
                        left: object.box.left, top: object.box.top, right: object.box.right,
                        bottom: object.box.bottom, color: color(object))
                })
            return try AtomicFile.write(PNG.bytes(of: picture), to: path)
        }
        let svg = BoxRenderer(png: PNG.bytes(of: rgb), width: width, height: height).svg(
            objects.reversed().map { object in
                BoxRenderer.Box(
                    label: "\(object.label) \(Double(object.score).decimals(2))", left: Double(object.box.left),
                    top: Double(object.box.top), right: Double(object.box.right), bottom: Double(object.box.bottom),
                    color: color(object))
            })
        try AtomicFile.write(Array(svg.utf8), to: path)
    }
}
