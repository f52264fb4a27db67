package import AttentionTensors
package import AttentionTraining
package import SharedPictures

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
