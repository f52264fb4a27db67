import AttentionDecoding
import AttentionFiles
import AttentionLayers
import AttentionMechanisms
import AttentionModels
import AttentionTensors
import AttentionTestSupport
import Testing

/// Heads that are left out of whole models, wherever their layers are passed.
@Suite struct ModelAblationTests {
    private static let root = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/"

    private static func folders() throws -> [String] {
        try ["Pretrained/", "EncoderDecoders/"].flatMap { kind in
            try Directory.names(in: root + kind).sorted().map { kind + $0 }
        }
    }

    /// Leaving a head out is a map from heads to outputs with 0 in its columns.
    @Test(arguments: try folders())
    func aHeadLeftOutIsZeroInTheOutputMap(_ name: String) throws {
        func check(_ model: some PretrainedModel) throws {
            let inputs = try SafetensorsFile(path: Self.root + name + "/inputs.safetensors")
            #expect(!model.heads.kinds.isEmpty)
            let plain = try model.forward(inputs, observing: .nothing).map(\.tensor)
            #expect(
                try withAblation(.none) { try model.forward(inputs, observing: .nothing).map(\.tensor.values) }
                    == plain.map(\.values))
            for kind in model.heads.kinds {
                let layer = model.heads[kind].count - 1
                let head = model.heads[kind][layer] - 1
                let found = try withAblation(Ablation([head], of: kind, at: layer)) {
                    try model.forward(inputs, observing: .nothing).map(\.tensor)
                }
                #expect(zip(found, plain).contains { $0.values != $1.values }, "\(kind)")
                // A layer that is passed several times cannot be changed in one pass by its parameters.
                guard !name.contains("albert") else { continue }
                let changed = model.silenced(Head(kind, layer: layer, head: head))
                let expected = try changed.forward(inputs, observing: .nothing).map(\.tensor)
                for (one, other) in zip(found, expected) { expectClose(one, other, tolerance: 1e-5) }
            }
        }
        try check(try PretrainedFolder(path: Self.root + name).model())
    }

    /// Of a translator and of a language model: position by position it is what it is at once.
    @Test func steppingIsTheFullPass() throws {
        var configuration = TransformerConfiguration()
        (configuration.vocabularySize, configuration.modelSize, configuration.headCount) = (12, 16, 2)
        (configuration.encoderLayerCount, configuration.decoderLayerCount, configuration.dropout) = (2, 2, 0)
        let model = try Transformer(configuration, key: RandomKey(seed: 3))
        let batch = SequencePairBatch([([5, 6, 7, 2], [8, 9, 2])], special: configuration.special)
        let ablation = model.heads.all.filter { $0.head == 0 }.reduce(Ablation.none) {
            $0.union(Ablation([$1.head], of: $1.kind, at: $1.layer))
        }
        #expect(ablation.count == 6)
        let plain = try model.hiddenStates(batch, training: nil)
        try withAblation(ablation) {
            let full = try model.hiddenStates(batch, training: nil)
            #expect(full.values != plain.values)
            var state = try model.start(batch.source)
            let stepped = try #require(try model.step([[1, 8, 9]], &state, wanting: .hidden).hidden)
            expectClose(try stepped.reshaped(to: full.shape.dimensions), full, tolerance: 1e-5)
            let seen = try model.attention(batch, observing: SequenceObservation())
            #expect(seen.encoder.count == 2 && seen.cross.count == 2)
        }
        let gpt = try PretrainedFolder(path: Self.root + "Pretrained/gpt2").model()
        func check(_ model: some LanguageModel) throws {
            try withAblation(Ablation([0], of: .decoder, at: 0)) {
                var (one, other) = (
                    model.start(rowCount: 1, format: .float32), model.start(rowCount: 1, format: .float32)
                )
                let whole = try #require(try model.step([[3, 4, 5]], &one, wanting: .logits).logits)
                _ = try model.step([[3, 4]], &other, wanting: .logits)
                let last = try #require(try model.step([[5]], &other, wanting: .logits).logits)
                expectClose(last, whole, tolerance: 1e-5)
            }
        }
        let language = try #require(gpt.languageModel)
        try check(language)
    }

    @Test func threadsLeaveOutWhatTheirCallerDoes() throws {
        let ablation = Ablation([3], of: .encoder, at: 1)
        #expect(
            try withAblation(ablation) { try Parallel.map(8) { _ in Ablation.current } }.allSatisfy { $0 == ablation })
    }

    @Test(
        arguments: [
            ("3.5", nil, 2...2, 4...4), ("4.*", nil, 3...3, nil), ("*.2-3", nil, nil, 1...2),
            ("cross:1-2.1", AttentionKind.cross, 0...1, 0...0),
        ] as [(String, AttentionKind?, ClosedRange<Int>?, ClosedRange<Int>?)])
    func selectorsAreRead(
        _ text: String, _ kind: AttentionKind?, _ layers: ClosedRange<Int>?, _ heads: ClosedRange<Int>?
    ) throws {
        let selector = try #require(HeadSelector(text))
        #expect(selector.kind == kind && selector.layers == layers && selector.heads == heads)
    }

    @Test(arguments: [
        "", "3", "0.1", "3.0", "3.", ".3", "3.5.1", "self:3.5", "a:b:1.1", "5-3.1", "1.1-", "x.y", "1.99999999",
    ])
    func whatIsNoSelectorIsNotRead(_ text: String) { #expect(HeadSelector(text) == nil) }

    @Test func selectorsOutsideTheModelSayWhatThereIs() throws {
        let heads = HeadCounts(encoder: [4, 4, 4], decoder: [4, 4], cross: [4, 4])
        func ablation(_ text: String) throws -> Ablation {
            try heads.ablation(of: try #require(HeadSelector.list(text)))
        }
        #expect(try ablation("1.1").count == 3 && ablation("3.1").count == 1 && ablation("*.*").count == 28)
        #expect(try ablation("encoder:1-2.2,encoder:2.*").count == 5)
        #expect(HeadSelector.list("1.1,") == nil)
        let error = #expect(throws: HeadSelectionError.self) { try ablation("4.1") }
        #expect(
            error?.description
                == "heads: expected heads that the model has, encoder 1.1 to 3.4, decoder 1.1 to 2.4, cross 1.1 to 2.4, found 4.1"
        )
        #expect(throws: HeadSelectionError.self) { try ablation("cross:3.1") }
        #expect(throws: HeadSelectionError.self) { try ablation("1.5") }
        let none = #expect(throws: HeadSelectionError.self) {
            try HeadCounts().ablation(of: try #require(HeadSelector.list("1.1")))
        }
        #expect(
            none?.description == "heads: expected a model with heads that can be left out, found one without, for 1.1")
    }
}

extension PretrainedModel {
    /// The same with 0 where the output of a head is multiplied.
    fileprivate func silenced(_ head: Head) -> Self {
        let count = heads[head.kind][head.layer]
        let stack = head.kind == .encoder ? "encoder" : "decoder"
        let end = ".\(head.layer).\(head.kind == .cross ? "cross" : "self")_attention.output.weight"
        return mapTensors { name, tensor in
            guard name.contains(stack + ".layers"), name.hasSuffix(end) else { return tensor }
            let (columns, size) = (tensor.shape[1], tensor.shape[1] / count)
            let own = head.head * size..<(head.head + 1) * size
            let values = tensor.values.enumerated().map { own.contains($0.offset % columns) ? 0 : $0.element }
            return Tensor(shape: tensor.shape) { out in
                for (index, value) in values.enumerated() { out[index] = value }
            }
        }
    }
}
