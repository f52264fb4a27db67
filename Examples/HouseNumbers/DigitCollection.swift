package import AttentionSignals
package import AttentionTensors
package import AttentionTraining

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

    /// Those of two IDX files, as MNIST has them.
    /// - Throws: `SignalError` if a file cannot be read, or they do not belong together.
    package init(images: String, labels: String) throws(SignalError) {
        let (pictures, names) = (try IDXFile(contentsOf: images), try IDXFile(contentsOf: labels))
        let area = Self.side * Self.side
        guard pictures.element == .unsigned8, pictures.shape.dropFirst() == [Self.side, Self.side],
            names.element == .unsigned8, names.shape == [pictures.shape[0]], !names.bytes.isEmpty
        else {
            throw .unfit(
                operation: "digits", expected: "bytes [count, 28, 28] and [count]",
                found: "\(pictures.shape) and \(names.shape)", wayOut: "give MNIST's images and labels")
        }
        self.init(
            images: names.bytes.indices.map { Array(pictures.bytes[$0 * area..<($0 + 1) * area]) },
            labels: names.bytes.map { Int($0) })
    }
}

/// Scenes that have never been seen before, batch after batch: each follows from the seed, its epoch and its number.
package struct SceneBatches: BatchSource {
    private let source: DigitCollection
    private let layout: DigitScene.Layout
    private let batchSize: Int
    private let key: RandomKey

    /// Batches of so many scenes, all drawn from `key`.
    package init(_ source: DigitCollection, _ layout: DigitScene.Layout, batchSize: Int, key: RandomKey) {
        (self.source, self.layout, self.batchSize, self.key) = (source, layout, batchSize, key)
    }

    /// A thousand batches.
    package func epoch(_ number: Int) -> Epoch<[DigitScene]> {
        Epoch(count: 1000) { batch in scenes(batchSize, layout, from: source, key: key[number][batch]) }
    }
}

/// So many scenes drawn from `key`.
package func scenes(
    _ count: Int, _ layout: DigitScene.Layout, from source: DigitCollection, key: RandomKey
) -> [DigitScene] {
    var generator = key.generator()
    return (0..<count).map { _ in DigitScene(layout, from: source, using: &generator) }
}
