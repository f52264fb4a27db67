import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionVariants
import Testing

private let key = RandomKey(seed: 41)

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct VisionTests {
    @Test func gatesThatSeeNothingAreHalfOpen() throws {
        let x = random([2, 4, 3, 3], 1)
        let zero = { (_: String, tensor: Tensor) in Tensor.zeros(tensor.shape) }
        let squeeze = SqueezeExcitation(4, reducedSize: 2, key: key).mapTensors(zero)
        expectClose(try squeeze(x).output, x * 0.5)
        let channels = EfficientChannelAttention(kernelSize: 5, key: key).mapTensors(zero)
        expectClose(try channels(x).output, x * 0.5)
        let block = ConvolutionalBlockAttention(4, reducedSize: 2, key: key).mapTensors(zero)
        expectClose(try block(x).output, x * 0.25)
        let gate = AttentionGate(4, gateChannelCount: 2, hiddenSize: 3, key: key).mapTensors(zero)
        expectClose(try gate(x, gate: random([2, 2, 3, 3], 2)).output, x * 0.5)
    }

    @Test func blocksBeginAsTheyArePublished() throws {
        let x = random([2, 4, 3, 3], 1)
        let nonLocal = NonLocalBlock(4, innerSize: 2, pairwise: .embedded(4, innerSize: 2, key: key), key: key)
        expectClose(try nonLocal.attend(x), x)
        let dual = try DualAttention(4, innerSize: 2, key: key)(x)
        expectClose(dual.position, x)
        expectClose(dual.channel, x)
        expectClose(dual.output, x * 2)
    }

    @Test func selfAttentionFollowsThePlaces() throws {
        let x = random([1, 4, 2, 3], 1)
        let order = [2, 0, 1]
        for pairwise: PairwiseFunction in [
            .gaussian, .embedded(4, innerSize: 2, key: key), .dot(4, innerSize: 2, key: key),
            .concatenation(4, innerSize: 2, key: key),
        ] {
            var block = NonLocalBlock(4, innerSize: 2, pairwise: pairwise, key: key)
            block.output.weight = Parameter(random([4, 2], 3))
            expectClose(
                try block.attend(try x.reordered(axis: 3, order)), try block.attend(x).reordered(axis: 3, order))
            expectClose(try block.attend(x), try block.align(x).output)
        }
        var dual = DualAttention(4, innerSize: 2, key: key)
        (dual.positionScale, dual.channelScale) = (Parameter(.full(0.7, [1])), Parameter(.full(-0.4, [1])))
        expectClose(
            try dual(try x.reordered(axis: 2, [1, 0])).output, try dual(x).output.reordered(axis: 2, [1, 0]))
    }

    @Test func everyContextWeightsSumsToOne() throws {
        let (_, weights) = try GlobalContext(4, reducedSize: 2, key: key)(random([3, 4, 2, 5], 1))
        expectClose(try weights.sum(axis: 1), .ones([3]))
        let (_, shares) = try SelectiveKernel(4, branchCount: 3, reducedSize: 2, key: key)(random([2, 3, 4, 2, 2], 1))
        expectClose(try shares.sum(axis: 1), .ones([2, 4]))
        let (_, looks) = try AttentionPool2D(4, height: 2, width: 2, outputSize: 3, headCount: 2, key: key)(
            random([2, 4, 2, 2], 1))
        expectClose(try looks.sum(axis: 2), .ones([2, 2]))
    }

    @Test func captionsStepByStepAreCaptionsAtOnce() throws {
        let attention = SpatialSoftAttention(stateSize: 3, annotationSize: 4, hiddenSize: 5, key: key)
        let states = random([2, 3, 3], 1)
        let memory = try attention.remember(random([2, 6, 4], 2))
        let whole = try attention(states, memory)
        for step in 0..<3 {
            let single = try attention(try states.sliced(axis: 1, step..<step + 1), memory)
            expectClose(single.output, try whole.output.sliced(axis: 1, step..<step + 1))
            expectClose(single.weights, try whole.weights.sliced(axis: 1, step..<step + 1))
        }
    }

    @Test func aHardLookReadsTheLikeliestPlaceAlone() throws {
        let attention = SpatialSoftAttention(stateSize: 3, annotationSize: 4, hiddenSize: 5, key: key)
        let (states, annotations) = (random([2, 3, 3], 1), random([2, 6, 4], 2))
        let memory = try attention.remember(annotations)
        let soft = try attention(states, memory)
        let hard = try attention(states, memory, normalizer: .hardmax)
        expectClose(hard.gate, soft.gate)
        let gate = try attention.gate(of: states)
        expectClose(try gate.squeezed(axis: 2), soft.gate)
        for (row, place) in soft.weights.indicesOfMaximum().enumerated() {
            let (item, word) = (row / 3, row % 3)
            #expect(try hard.weights.at(item).at(word).values == (0..<6).map { $0 == place ? 1 : 0 })
            let read = try annotations.at(item).at(place) * (try gate.at(item).at(word))
            expectClose(try hard.output.at(item).at(word), read)
        }
    }

    @Test func thePenaltyVanishesWhenEveryPlaceWasSeenOnce() throws {
        var attention = SpatialSoftAttention(stateSize: 2, annotationSize: 2, hiddenSize: 2, key: key)
        attention.score.vector = Parameter(.zeros([2]))
        let memory = try attention.remember(random([1, 4, 2], 1))
        let four = try attention(random([1, 4, 2], 2), memory)
        expectClose(try four.penalty(3), .zeros([1]))
        let two = try attention(random([1, 2, 2], 2), memory)
        expectClose(try two.penalty(3), .full(3, [1]))  // 3 · 4 · (1 − ½)²
    }

    @Test func emptyImages() throws {
        for shape: Shape in [[2, 4, 0, 3], [0, 4, 2, 3]] {
            let x = Tensor.zeros(shape)
            let squeeze = try SqueezeExcitation(4, reducedSize: 2, key: key)(x)
            #expect(squeeze.output.shape == shape)
            #expect(squeeze.weights.values.allSatisfy { $0.isFinite })
            #expect(try ConvolutionalBlockAttention(4, reducedSize: 2, key: key)(x).output.shape == shape)
            #expect(try GlobalContext(4, reducedSize: 2, key: key)(x).output.shape == shape)
            #expect(try DualAttention(4, innerSize: 2, key: key)(x).output.shape == shape)
            #expect(try NonLocalBlock(4, innerSize: 2, pairwise: .gaussian, key: key).attend(x).shape == shape)
        }
    }

    @Test func refusals() {
        let x = Tensor.ones([2, 4, 3, 3])
        #expect(throws: ShapeError("squeezeExcitation", expected: "images [B, C, H, W]", found: "[4, 3, 3]")) {
            try SqueezeExcitation(4, reducedSize: 2, key: key)(.ones([4, 3, 3]))
        }
        #expect(throws: ShapeError("squeezeExcitation", expected: "weights [2, 4]", found: "[2, 5]")) {
            try SqueezeExcitation(fc1: Linear(4, 2, key: key), fc2: Linear(2, 5, key: key))(x)
        }
        #expect(
            throws: ShapeError(
                "efficientChannelAttention", expected: "a kernel [1, 1, k] with k odd", found: "[1, 1, 4]")
        ) { try EfficientChannelAttention(kernel: .ones([1, 1, 4]))(x) }
        #expect(throws: ShapeError("attentionGate", expected: "a gate [2, 5, 3, 3]", found: "[2, 5, 1, 1]")) {
            try AttentionGate(4, gateChannelCount: 5, hiddenSize: 2, key: key)(x, gate: .ones([2, 5, 1, 1]))
        }
        #expect(
            throws: ShapeError(
                "attentionPool2D", expected: "channels that are a multiple of the heads",
                found: "4 channels and 3 heads")
        ) { try AttentionPool2D(4, height: 3, width: 3, outputSize: 2, headCount: 3, key: key)(x) }
        #expect(
            throws: ShapeError(
                "selectiveKernel", expected: "branches [B, M, C, H, W] for selectors [M, C, d]",
                found: "[2, 4, 3, 3] and [2, 4, 3]")
        ) { try SelectiveKernel(4, branchCount: 2, reducedSize: 3, key: key)(x) }
    }
}
