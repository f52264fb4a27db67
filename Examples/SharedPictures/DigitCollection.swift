package import AttentionSignals

/// Handwritten digits, 28 × 28 pixels each, of which scenes are composed.
package struct DigitCollection: Sendable, Hashable {
    /// Rows and columns of a digit.
    package static let side = 28
    /// The digits' pixels, row by row.
    package let images: [[UInt8]]
    /// Which digits they are.
    package let labels: [Int]

    /// These digits.
    package init(images: [[UInt8]], labels: [Int]) { (self.images, self.labels) = (images, labels) }

    /// Those of one part of MNIST, `train` or `test`, in the folder of its four files.
    /// - Throws: `SignalError` if a file cannot be read, or they do not belong together.
    package init(part: String, in folder: String) throws(SignalError) {
        try self.init(
            images: "\(folder)/\(part)-images-idx3-ubyte.gz", labels: "\(folder)/\(part)-labels-idx1-ubyte.gz")
    }

    /// Those of two IDX files, as MNIST has them.
    /// - Throws: `SignalError` if a file cannot be read, they do not belong together, or a label is no digit.
    package init(images: String, labels: String) throws(SignalError) {
        let (pictures, names) = (try IDXFile(contentsOf: images), try IDXFile(contentsOf: labels))
        let area = Self.side * Self.side
        guard pictures.element == .unsigned8, pictures.shape.dropFirst() == [Self.side, Self.side],
            names.element == .unsigned8, names.shape == [pictures.shape[0]], !names.bytes.isEmpty,
            names.bytes.allSatisfy({ $0 < 10 })
        else {
            throw .unfit(
                operation: "digits", expected: "bytes [count, 28, 28] and [count], the latter below 10",
                found: "\(pictures.shape) and \(names.shape), up to \(names.bytes.max() ?? 0)",
                wayOut: "give MNIST's images and labels")
        }
        self.init(
            images: names.bytes.indices.map { Array(pictures.bytes[$0 * area..<($0 + 1) * area]) },
            labels: names.bytes.map { Int($0) })
    }
}
