import AttentionFiles
public import AttentionTensors

extension PretrainedFolder {
    /// Where fine-tuning starts: an encoder with the head for a task, and which parameters of the head are new.
    public struct TuningStart: Sendable {
        /// The model.
        public let model: EncoderModel
        /// The names of the parameters that the folder does not have.
        public let fresh: [String]
    }

    /// The text encoder of the folder with the head for a task, made as far as the folder has none.
    ///
    /// A folder that was made for this task and knows these classes keeps its head. Otherwise what the head has before its last map is taken
    /// where the folder has it, and the last map is new: weights from N(0, `initializer_range`), biases 0, as the reference has it.
    /// - Parameters:
    ///   - labels: What the classes must be able to be called; empty for tasks without classes of one's own.
    ///   - isDropping: Whether anything is dropped in training, as the configuration says.
    ///   - key: Where new parameters are drawn from.
    /// - Throws: `PretrainedError.wrongTask` if the family has no text encoders; as `model()` otherwise.
    public func tuningStart(
        for task: EncoderTask, labels: [String], isDropping: Bool = true, key: RandomKey
    ) throws -> TuningStart {
        let family = try encoderFamily()
        return try reportingConfiguration {
            let keepsHead = try hasHead(for: task, labels: labels)
            var chosen = keepsHead ? fields : fields.replacing(PretrainedFolder.members(of: labels))
            if !isDropping { chosen = chosen.withoutDropout() }
            let (model, fresh) = try family.model(
                task, chosen, checkpoint,
                replacing: keepsHead ? .none : ReplaceableParameters(missing: "head.", always: "head.output."))
            let deviation = Float(try fields.number("initializer_range", default: 0.02))
            return TuningStart(model: model.drawing(fresh, deviation: deviation, key: key), fresh: fresh)
        }
    }

    /// The family, if it is one of text encoders.
    func encoderFamily() throws(PretrainedError) -> any EncoderFamily.Type {
        guard let family = family.encoders else {
            throw .wrongTask(needed: "a text encoder", found: architecture, folder: path)
        }
        return family
    }

    private func hasHead(for task: EncoderTask, labels: [String]) throws -> Bool {
        guard task != .features, architecture.hasSuffix(task.rawValue) else { return task == .features }
        return try labels.isEmpty || Set(labels).isSubset(of: fields.labels())
    }

    /// How a configuration says what the classes are called.
    static func members(of labels: [String]) -> [JSONMember] {
        guard !labels.isEmpty else { return [] }
        let names = labels.enumerated().map { JSONMember("\($0.offset)", .string($0.element)) }
        let numbers = labels.enumerated().map { JSONMember($0.element, .number(JSONNumber($0.offset))) }
        return [JSONMember("id2label", .object(names)), JSONMember("label2id", .object(numbers))]
    }
}

extension EncoderModel {
    /// The same with the matrices of these names drawn from N(0, `deviation`); new vectors are what they are in a new layer.
    fileprivate func drawing(_ names: [String], deviation: Float, key: RandomKey) -> EncoderModel {
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
        return mapParameters { name, parameter in
            guard let place = places[name], parameter.shape.rank > 1 else { return parameter }
            return parameter.replacing(with: .normal(parameter.shape, deviation: deviation, key: key[place]))
        }
    }
}
