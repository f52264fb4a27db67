import AttentionLayers
import AttentionTensors

/// The sizes of a ResNet, and how checkpoints spell it.
struct ResNetSizes {
    var channelCount: Int
    var stemSize: Int
    var stageSizes: [Int]
    var depths: [Int]
    /// Whether a block narrows, looks and widens, in three units; else it has two.
    var isBottleneck: Bool
    var activation: Activation = .relu
    /// Whether the first stage has half the rows and columns of what it reads.
    var halvesFirst = false
    /// Whether it is the narrow unit of a block that leaves places out, rather than the one that looks.
    var stridesEarly = false
    /// Whether the last stage keeps its places, and looks further instead.
    var isDilated = false

    /// As transformers' own configuration spells them.
    init(_ fields: ConfigurationFields) throws {
        channelCount = try fields.size("num_channels", default: 3)
        stemSize = try fields.size("embedding_size", default: 64)
        (stageSizes, depths) = (try fields.integers("hidden_sizes"), try fields.integers("depths"))
        isBottleneck = try fields.string("layer_type", default: "bottleneck") == "bottleneck"
        activation = try fields.activation("hidden_act", default: "relu")
        halvesFirst = try fields.flag("downsample_in_first_stage", default: false)
        stridesEarly = try fields.flag("downsample_in_bottleneck", default: false)
        guard stageSizes.count == depths.count, 1...8 ~= depths.count, depths.allSatisfy({ 1...256 ~= $0 }),
            stageSizes.allSatisfy({ 4...1 << 16 ~= $0 })
        else {
            throw ConfigurationError(
                "hidden_sizes", expected: "a number of channels for each of depths, of 1 to 8 stages",
                found: "\(stageSizes) and \(depths)")
        }
    }

    /// Those of a name that timm has, such as `resnet50`.
    init(named name: String, channelCount: Int, isDilated: Bool) throws(ConfigurationError) {
        let known = [
            "resnet18": ([2, 2, 2, 2], false), "resnet34": ([3, 4, 6, 3], false), "resnet50": ([3, 4, 6, 3], true),
            "resnet101": ([3, 4, 23, 3], true), "resnet152": ([3, 8, 36, 3], true),
        ]
        guard let (depths, isBottleneck) = known[name] else {
            throw ConfigurationError(
                "backbone", expected: "one of \(known.keys.sorted().joined(separator: ", "))", found: name)
        }
        (self.channelCount, self.depths, self.isBottleneck) = (channelCount, depths, isBottleneck)
        (stemSize, stageSizes) = (64, [64, 128, 256, 512].map { isBottleneck ? 4 * $0 : $0 })
        self.isDilated = isDilated
    }

    /// The network without its numbers.
    func network() -> ResNet {
        var stages: [[ResNet.Block]] = []
        var size = stemSize
        for (index, depth) in depths.enumerated() {
            let isWide = isDilated && index == depths.count - 1
            let stride = index == 0 ? halvesFirst ? 2 : 1 : isWide ? 1 : 2
            stages.append(
                (0..<depth).map { place in
                    let (from, stride) = place == 0 ? (size, stride) : (stageSizes[index], 1)
                    return block(from, stageSizes[index], stride: stride, reach: isWide && place > 0 ? 2 : 1)
                })
            size = stageSizes[index]
        }
        return ResNet(stem: unit(channelCount, stemSize, 7, stride: 2), stages: stages)
    }

    private func block(_ from: Int, _ to: Int, stride: Int, reach: Int) -> ResNet.Block {
        let narrow = to / 4
        let units =
            isBottleneck
            ? [
                unit(from, narrow, 1, stride: stridesEarly ? stride : 1),
                unit(narrow, narrow, 3, stride: stridesEarly ? 1 : stride, reach: reach),
                unit(narrow, to, 1, activation: .identity),
            ]
            : [
                unit(from, to, 3, stride: stride, reach: reach),
                unit(to, to, 3, reach: reach, activation: .identity),
            ]
        let fits = from == to && stride == 1
        return ResNet.Block(
            units: units, shortcut: fits ? nil : unit(from, to, 1, stride: stride, activation: .identity),
            activation: activation)
    }

    private func unit(
        _ from: Int, _ to: Int, _ size: Int, stride: Int = 1, reach: Int = 1, activation: Activation? = nil
    ) -> ResNet.Unit {
        let margin = size / 2 * reach
        return ResNet.Unit(
            convolution: Convolution2D(
                from, to, size: (size, size), hasBias: false, stride: (stride, stride), padding: (margin, margin),
                dilation: (reach, reach), key: .blank),
            norm: BatchNorm(to), activation: activation ?? self.activation)
    }
}

extension CheckpointMap {
    /// transformers' names of a ResNet, ours beginning with `backbone`.
    static func resNet(_ theirs: String) -> CheckpointMap {
        func units(_ ours: String, _ rest: String) -> [(String, Place)] {
            [
                ("backbone.\(ours).convolution", Place(stringLiteral: "\(theirs).\(rest).convolution")),
                ("backbone.\(ours).norm", Place(stringLiteral: "\(theirs).\(rest).normalization")),
            ]
        }
        return CheckpointMap(
            units("stem", "embedder.embedder") + units("stages.*.*.units.*", "encoder.stages.*.layers.*.layer.*")
                + units("stages.*.*.shortcut", "encoder.stages.*.layers.*.shortcut"))
    }

    /// timm's names, who counts from 1.
    static func timmResNet(_ theirs: String) -> CheckpointMap {
        var rules: [(String, Place)] = []
        func add(_ ours: String, _ convolution: String, _ norm: String) {
            rules.append(("backbone.\(ours).convolution", Place(stringLiteral: "\(theirs).\(convolution)")))
            rules.append(("backbone.\(ours).norm", Place(stringLiteral: "\(theirs).\(norm)")))
        }
        add("stem", "conv1", "bn1")
        for stage in 0..<4 {
            for unit in 0..<3 {
                add(
                    "stages.\(stage).*.units.\(unit)", "layer\(stage + 1).*.conv\(unit + 1)",
                    "layer\(stage + 1).*.bn\(unit + 1)")
            }
            add("stages.\(stage).*.shortcut", "layer\(stage + 1).*.downsample.0", "layer\(stage + 1).*.downsample.1")
        }
        return CheckpointMap(rules)
    }
}
