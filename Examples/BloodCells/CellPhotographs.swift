package import Attention

/// The photographs of a folder of blood cells, `train-images.idx4.gz` and `train.boxes.tsv.gz`: bytes [count, rows, columns, 3], and a line for each
/// box – the photograph's number, its file, the kind of cell, left, top, right, bottom in pixels of 640 × 480.
package enum CellPhotographs {
    /// Columns and rows of the photographs as they were taken, in whose pixels boxes are told.
    private static let frame = (width: 640.0, height: 480.0)

    /// Those of a part: `train`, `valid` or `test`.
    /// - Throws: `SignalError` or `CorpusError` naming what is wrong with a file.
    package static func read(_ part: String, in folder: String) throws -> [BoxedPicture] {
        let path = "\(folder)/\(part)-images.idx4.gz"
        let pictures = try IDXFile(contentsOf: path)
        guard pictures.element == .unsigned8, pictures.shape.count == 4, pictures.shape[3] == 3 else {
            throw SignalError.unfit(
                operation: "cells", expected: "bytes [count, rows, columns, 3] in \(path)", found: "\(pictures.shape)",
                wayOut: "give the folder of the photographs")
        }
        let (height, width) = (pictures.shape[1], pictures.shape[2])
        let size = pictures.bytes.count / max(1, pictures.shape[0])
        var found = try (0..<pictures.shape[0]).map { index in
            let samples = Array(pictures.bytes[index * size..<(index + 1) * size])
            return BoxedPicture(
                try Image(width: width, height: height, channels: .rgb, samples: samples), objects: [])
        }
        let boxes = "\(folder)/\(part).boxes.tsv.gz"
        for (number, line) in try CorpusFile(reading: boxes).text().split(separator: "\n").enumerated() {
            let (index, object) = try Self.object(
                String(line), at: "line \(number + 1) of \(boxes)", across: Double(width) / frame.width,
                down: Double(height) / frame.height)
            guard found.indices ~= index else {
                throw SignalError.malformed(
                    operation: "cells",
                    expected: "a photograph's number below \(found.count) in line \(number + 1) of \(boxes)",
                    found: "\(index)")
            }
            found[index].objects.append(object)
        }
        return found
    }

    private static func object(
        _ line: String, at place: String, across: Double, down: Double
    ) throws(SignalError) -> (index: Int, object: BoxedObject) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        let sides = fields.dropFirst(3).compactMap { Double($0) }
        guard fields.count == 7, let index = Int(fields[0]), sides.count == 4, sides.allSatisfy(\.isFinite),
            sides[2] > sides[0], sides[3] > sides[1]
        else {
            throw .malformed(
                operation: "cells",
                expected: "a number, a file, a kind, and left, top, right and bottom in \(place)", found: line)
        }
        let box = PictureBox(
            left: sides[0] * across, top: sides[1] * down, width: (sides[2] - sides[0]) * across,
            height: (sides[3] - sides[1]) * down)
        return (index, BoxedObject(label: fields[2], box: box))
    }
}
