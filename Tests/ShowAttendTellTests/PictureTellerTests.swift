import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTraining
import AttentionVariants
import SharedPictures
import ShowAttendTell
import Testing

@Suite struct PictureTellerTests {
    /// Small enough for seconds: 8 × 8 places of eight numbers.
    private static var sizes: TellerSizes {
        var sizes = TellerSizes(channelCount: 1, height: 64, width: 64, convolutions: [8, 8, 8], poolingCount: 3)
        (sizes.stateSize, sizes.wordSize, sizes.hiddenSize) = (24, 8, 16)
        return sizes
    }

    private static func teller<Looking: Look>(_ look: Looking) -> PictureTeller<Looking> {
        PictureTeller(look, sizes, DigitGrid.vocabulary, key: RandomKey(seed: 1))
    }

    private static func scenes(_ count: Int, seed: UInt64 = 3) -> [CaptionedPicture] {
        DigitGrid.scenes(count, from: DigitShelves(SmallDigits.two), key: RandomKey(seed: seed))
    }

    private static func drawn() -> DrawnLook { DrawnLook(stateSize: sizes.stateSize, key: RandomKey(seed: 2)) }

    /// −ln P of a word of scenes, looking as in training; what is drawn is always drawn by the same key.
    private func surprise<Looking>(_ teller: PictureTeller<Looking>, _ scenes: [CaptionedPicture]) throws -> Double {
        let loss = try teller.loss(scenes, key: RandomKey(seed: 4))
        return try #require(loss.parts["words"]).mean
    }

    private func learns(_ look: some Look) throws {
        let teller = Self.teller(look)
        var configuration = TrainingConfiguration()
        (configuration.maximumUpdates, configuration.clippingNorm) = (60, 5)
        configuration.validationInterval = 0
        let task = SceneTask(train: SmallDigits.two, test: SmallDigits.two)
        var trainer = try captionTraining(teller, on: task, batchSize: 8, peakRate: 0.01, configuration)
        let held = Self.scenes(16)
        let before = try surprise(teller, held)
        #expect(try trainer.run() == .maximumUpdates)
        let after = try surprise(trainer.model, held)
        #expect(after < 0.5 * before, "\(before) → \(after)")
        for telling in try trainer.model.tell(Array(held.prefix(3)), limit: 11) {
            #expect((telling.words.count...telling.words.count + 1).contains(telling.looks.count))
            #expect(telling.looks.allSatisfy { $0.count == 64 && abs($0.reduce(0, +) - 1) < 1e-4 })
        }
    }

    @Test func oneThatLooksSoftlyLearns() throws { try learns(SoftLook()) }
    @Test func oneThatCoversLearns() throws { try learns(SoftLook(coverage: 0.1)) }
    @Test func oneThatDrawsPlacesLearns() throws { try learns(Self.drawn()) }
    @Test func oneThatDrawsRelaxedPlacesLearns() throws { try learns(RelaxedLook()) }
    @Test func oneThatAddsPlacesUpLearns() throws { try learns(MarginalLook()) }

    @Test func hardLooksSeeOnePlace() throws {
        let scenes = Self.scenes(4)
        func looks(_ look: some Look) throws -> [[Float]] {
            try Self.teller(look).tell(scenes, limit: 5).flatMap(\.looks)
        }
        for look in try looks(Self.drawn()) + looks(RelaxedLook()) {
            #expect(look.count { $0 == 1 } == 1 && look.count { $0 == 0 } == 63)
        }
        for look in try looks(SoftLook()) + looks(MarginalLook()) { #expect(look.allSatisfy { $0 > 0 }) }
    }

    /// What everything is learnt from reaches every parameter.
    private func reachesAll(_ look: some Look) throws {
        let tracked = Self.teller(look).tracked()
        let found = try tracked.loss(Self.scenes(8), key: RandomKey(seed: 4)).total.gradients()
        for (name, parameter) in tracked.parameters() {
            let gradient = found[parameter.tensor]
            #expect(gradient.map { $0.values.contains { $0 != 0 } } ?? false, "\(name)")
        }
    }

    @Test func everyParameterIsLearnt() throws {
        try reachesAll(SoftLook(coverage: 0.1))
        try reachesAll(Self.drawn())
        try reachesAll(RelaxedLook())
        try reachesAll(MarginalLook())
    }

    /// A caption costs the same beside a longer one.
    @Test func companyDoesNotMatter() throws {
        let scenes = Self.scenes(4)
        let key = RandomKey(seed: 4)
        func check(_ look: some Look) throws {
            let teller = Self.teller(look)
            let together = try teller.loss(scenes, key: key).total.scalar
            let alone = try scenes.reduce(Float(0)) { $0 + (try teller.loss([$1], key: key).total.scalar) }
            #expect(abs(together - alone) < 1e-3 * abs(together), "\(together) and \(alone)")
        }
        try check(SoftLook(coverage: 0.1))
        try check(MarginalLook())
    }

    /// Where attention has nothing to choose, hard and soft looks tell the same: one place of 8 × 8 pixels.
    @Test func ofOnePlaceAllLooksTellTheSame() throws {
        var sizes = Self.sizes
        (sizes.height, sizes.width) = (8, 8)
        let picture = CaptionedPicture(
            channelCount: 1, height: 8, width: 8, pixels: (0..<64).map { Float($0) / 64 }, words: ["a", "one"])
        func loss(_ look: some Look) throws -> Double {
            let teller = PictureTeller(look, sizes, DigitGrid.vocabulary, key: RandomKey(seed: 1))
            return try surprise(teller, [picture])
        }
        let soft = try loss(SoftLook())
        for other in [try loss(Self.drawn()), try loss(RelaxedLook()), try loss(MarginalLook())] {
            #expect(abs(other - soft) < 1e-5, "\(other) instead of \(soft)")
        }
    }

    /// A place that was followed by a word that is less likely than expected is made less likely.
    @Test func rewardsMoveLooks() throws {
        let scores = try Tensor([0.2, -0.1, 0.4], shape: [1, 1, 1, 3]).tracked()
        // Keys that take one number of the query each.
        let mechanism = AttentionMechanism(score: .dot)
        let memory = try mechanism.remember(
            keys: try Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [1, 1, 3, 3]), values: .ones([1, 1, 3, 1]))
        let sample = try mechanism.sample(scores, memory, uniform: try Tensor([0.999], shape: [1, 1, 1]))
        #expect(sample.indices == [2])
        let glance = Glance(
            seen: .zeros([1, 1]), weights: try sample.weights.reshaped(to: [1, 3]), gate: .zeros([1, 1]),
            draw: Glance.Draw(sample: sample, isShown: [1], expected: .zeros([1, 1])))
        // A word of 1 / e.
        let told = ToldCaptions([[0]], logits: try Tensor([-1, -0.458675], shape: [1, 2]))
        let cost = try #require(try Self.drawn().cost(of: [glance], told))
        let gradient = try #require(try cost.gradients()[scores])
        // −(R − b) (1 − α_2) for the place that was drawn, (R − b) α_j for the others, with R − b = −1, and a little of the entropy.
        #expect(gradient.values[2] > 0 && gradient.values[0] < 0 && gradient.values[1] < 0)
    }
}
