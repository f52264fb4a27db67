import AttentionTensors
import AttentionTraining
import HouseNumbers
import SharedPictures
import Testing

@Suite struct HouseTrainingTests {
    private func configuration(_ updates: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        (configuration.maximumUpdates, configuration.clippingNorm) = (updates, 5)
        configuration.validationInterval = 0
        return configuration
    }

    @Test func aSensorSeesSharplyInTheMiddle() throws {
        var generator = RandomKey(seed: 1).generator()
        let layout = DigitScene.Layout(width: 28, height: 28, digitCounts: 1...1, clutterCount: 0)
        let scene = DigitScene(layout, from: .squares, using: &generator)
        let light = Float(100 + 10 * scene.digits[0]) / 255
        let sensor = GlimpseSensor(size: 4, scaleCount: 3)
        // In the middle all is light for two scales; the third, of 16 pixels, has two dark ones at each edge.
        let middle = try sensor([scene], at: [.zero]).values
        #expect(middle.prefix(32).allSatisfy { abs($0 - light) < 1e-6 })
        #expect(
            abs(middle[32] - light / 4) < 1e-6 && abs(middle[33] - light / 2) < 1e-6 && abs(middle[37] - light) < 1e-6)
        // In a corner three quarters lie beyond the edges.
        let corner = try sensor([scene], at: [SIMD2(-1, -1)]).values
        #expect(corner.prefix(32).allSatisfy { $0 == 0 } && corner.count == 48)
        #expect(GlimpseSensor.pixel(SIMD2(1, 0), of: scene) == SIMD2(28, 14))
    }

    /// A dark square and a light one.
    private static let few = DigitCollection(
        images: [0, 9].map { DigitCollection.squares.images[$0] }, labels: [0, 9])

    /// Of scenes without a choice of places, two digits are told apart after some updates.
    @Test func glimpsesLearn() throws {
        let layout = DigitScene.Layout(width: 28, height: 28, digitCounts: 1...1, clutterCount: 0)
        let network = GlimpseNetwork(
            sensor: GlimpseSensor(size: 6, scaleCount: 2), glimpseCount: 3, narrowSize: 16, wideSize: 32,
            key: RandomKey(seed: 1))
        var trainer = try glimpseTraining(layout, from: Self.few, network: network, batchSize: 32, configuration(400))
        let held = scenes(200, layout, from: Self.few, key: RandomKey(seed: 9))
        let before = try glimpseError(network, on: held)
        #expect(try trainer.run() == .maximumUpdates)
        let after = try glimpseError(trainer.model, on: held)
        #expect(before > 0.4 && after < 0.1, "\(before) → \(after)")
    }

    /// A glimpse that is followed by a right answer is made likelier: the gradient with respect to what it was to be points to what was drawn.
    @Test func rewardsMoveGlimpses() throws {
        let network = GlimpseNetwork(
            sensor: GlimpseSensor(size: 4, scaleCount: 1), glimpseCount: 2, narrowSize: 8, wideSize: 8,
            key: RandomKey(seed: 2))
        let batch = scenes(64, .translated, from: .squares, key: RandomKey(seed: 3))
        let tracked = network.tracked()
        let loss = try tracked.loss(batch, key: RandomKey(seed: 4))
        let found = try loss.total.gradients()
        for (name, parameter) in tracked.parameters() {
            let gradient = found[parameter.tensor]
            #expect(gradient.map { $0.values.contains { $0 != 0 } } ?? false, "\(name)")
        }
        let gaze = try network.look(at: batch, key: RandomKey(seed: 4))
        #expect(gaze.places.count == 2 && gaze.places.joined().allSatisfy { abs($0.x) <= 1 && abs($0.y) <= 1 })
        #expect(try network.look(at: batch).places[0].allSatisfy { $0 == .zero })
        #expect(gaze.logProbabilities?.shape == [64, 1])
    }

    @Test func aReaderLearnsNumbers() throws {
        let layout = DigitScene.Layout(width: 64, height: 32, digitCounts: 1...2, clutterCount: 0)
        let reader = NumberReader(layout, sizes: [4, 8], stateSize: 16, key: RandomKey(seed: 1))
        var trainer = try readerTraining(layout, from: Self.few, reader: reader, batchSize: 16, configuration(150))
        let held = scenes(60, layout, from: Self.few, key: RandomKey(seed: 9))
        let before = try readingErrors(reader, on: held)
        #expect(try trainer.run() == .maximumUpdates)
        let after = try readingErrors(trainer.model, on: held)
        #expect(before.whole > 0.7 && after.whole < before.whole, "\(before) → \(after)")
        #expect(Set(after.byLength.keys) == [1, 2])
        let reading = try trainer.model.read(Array(held.prefix(3)), limit: 3)
        for found in reading {
            #expect(found.looks.allSatisfy { look in abs(look.reduce(0, +) - 1) < 1e-4 })
            #expect(found.looks.allSatisfy { $0.count == 8 * 16 })
            #expect(found.looks.count == min(4, found.digits.count + 1))
        }
    }

    @Test func picturesShowWhereItLooked() {
        let scene = scenes(1, .translated, from: .squares, key: RandomKey(seed: 5))[0]
        let svg = ScenePicture(scene).adding(path: [.zero, SIMD2(0.5, -0.5)], squareSize: 12).svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains("<polyline points=\"240,240 360,120\""))
        #expect(svg.contains("<circle cx=\"240\" cy=\"240\" r=\"5\" fill=\"none\""))
        let shares = ScenePicture(scene).adding(shares: [0, 0, 0.75, 0.25], grid: (2, 2)).svg
        #expect(
            shares.contains(
                "<rect x=\"0\" y=\"240\" width=\"240\" height=\"240\" fill=\"#e69f00\" fill-opacity=\"0.6\"/>"))
        #expect(
            shares.contains(
                "<rect x=\"240\" y=\"240\" width=\"240\" height=\"240\" fill=\"#e69f00\" fill-opacity=\"0.2\"/>"))
    }
}
