import AttentionFiles
public import AttentionTensors

/// What a model loses if one layer alone is stored in few bits, layer by layer; and which layers are best stored so within a budget.
public struct LayerSensitivity: Sendable {
    /// A layer that is stored in few bits alone.
    public struct Row: Sendable, Hashable {
        /// The layer.
        public let layer: String
        /// The bytes of its matrices as they are.
        public let byteCount: Int
        /// What is lost, in percent, as `QuantizationLoss.percent` has it.
        public let percent: Double
    }

    /// A row for each layer, in the order of the model.
    public let rows: [Row]
    private let model: QuantizedModel
    private let path: String
    private let file: String
    private let scratch: String

    /// Measures every layer of a model on the lines of a file.
    /// - Parameter scratch: where the models lie that are measured, one after the other; nothing of it stays.
    /// - Throws: what is wrong with the model, the file or the disk.
    public init(of model: QuantizedModel, at path: String, file: String, scratch: String) throws {
        (self.model, self.path, self.file, self.scratch) = (model, path, file, scratch)
        rows = try model.layers().map { layer in
            let formats = LayerFormats(rest: nil, named: [layer.name: model.format])
            let loss = try Self.loss(model, formats, at: path, file, scratch)
            return Row(layer: layer.name, byteCount: layer.byteCount, percent: loss.percent)
        }
    }

    /// The formats of a model that loses no more than `budget` percent on the file: as many layers as possible in the model's format, those first that cost least
    /// for their bytes, and the rest in 8 bits, or as they are where 8 bits are the format.
    /// - Throws: `QuantizationError.budget` if the model loses more with none of them.
    public func formats(within budget: Double) throws -> (formats: LayerFormats, loss: QuantizationLoss) {
        let rest: BlockFormat? = model.format == .q80 ? nil : .q80
        let order = rows.sorted {
            (max(0, $0.percent) / Double(max(1, $0.byteCount)), $0.layer)
                < (max(0, $1.percent) / Double(max(1, $1.byteCount)), $1.layer)
        }.map(\.layer)
        func choice(_ count: Int) throws -> (formats: LayerFormats, loss: QuantizationLoss) {
            let named = order.prefix(count).map { ($0, BlockFormat?.some(model.format)) }
            let formats = LayerFormats(rest: rest, named: Dictionary(uniqueKeysWithValues: named))
            return (formats, try Self.loss(model, formats, at: path, file, scratch))
        }
        var best = try choice(0)
        guard best.loss.percent <= budget else { throw QuantizationError.budget(budget, least: best.loss.percent) }
        var (fitting, failing) = (0, order.count + 1)
        while failing - fitting > 1 {
            let count = (fitting + failing) / 2
            let tried = try choice(count)
            if tried.loss.percent <= budget { (fitting, best) = (count, tried) } else { failing = count }
        }
        return best
    }

    private static func loss(
        _ model: QuantizedModel, _ formats: LayerFormats, at path: String, _ file: String, _ scratch: String
    ) throws -> QuantizationLoss {
        // Of a run that was stopped, one may lie there still.
        try Directory.remove(scratch)
        try model.write(to: scratch, as: formats)
        let loss = try QuantizationLoss(before: path, after: scratch, file: file)
        try Directory.remove(scratch)
        return loss
    }
}
