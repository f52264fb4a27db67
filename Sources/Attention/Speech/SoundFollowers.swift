import AttentionInspection
import AttentionModels
import AttentionTensors

/// The heads of a decoder that look where in the sound the text is: those that `generation_config.json` names as `alignment_heads`, or all of the
/// later half of the layers, as the authors do it where none are known.
struct SoundFollowers: Sendable {
    private let heads: [HeadIndex]
    /// Over how many moments their weights are smoothed.
    let medianWidth: Int

    /// Where the folder names a head that the model does not have, its list is of another model: it counts as none.
    /// - Throws: `SpeechError.setting` if there is no odd number of moments to smooth over.
    init(_ folder: PretrainedFolder, layerCount: Int, headCount: Int) throws {
        let named = try folder.readingGeneration { try $0.integerLists("alignment_heads") }
        let heads = named.compactMap { pair -> HeadIndex? in
            guard pair.count == 2, 0..<layerCount ~= pair[0], 0..<headCount ~= pair[1] else { return nil }
            return HeadIndex(layer: pair[0], head: pair[1])
        }
        self.heads =
            !heads.isEmpty && heads.count == named.count
            ? heads
            : (layerCount / 2..<layerCount).flatMap { layer in
                (0..<headCount).map { HeadIndex(layer: layer, head: $0) }
            }
        medianWidth = try folder.fields.size("median_filter_width", default: 7)
        guard medianWidth % 2 == 1 else {
            throw SpeechError.setting("median_filter_width", expected: "an odd number", found: "\(medianWidth)")
        }
    }

    /// What has to be looked at to have them.
    var selection: AttentionSelection {
        AttentionSelection(layers: Set(heads.map(\.layer)).sorted(), heads: headNumbers)
    }

    private var headNumbers: [Int] { Set(heads.map(\.head)).sorted() }

    /// The weights of each of them, [rows, moments], of what was looked at: [1, heads, T, K] a layer.
    func weights(in looked: [LayerAttention], rows: Range<Int>, _ momentCount: Int) throws -> [[Float]] {
        try heads.compactMap { head in
            guard let layer = looked.first(where: { $0.layer == head.layer }),
                let place = headNumbers.firstIndex(of: head.head)
            else { return nil }
            return try layer.weights.squeezed(axis: 0).sliced(axis: 0, place..<place + 1).squeezed(axis: 0)
                .sliced(axis: 0, rows).sliced(axis: 1, 0..<momentCount).values
        }
    }
}
