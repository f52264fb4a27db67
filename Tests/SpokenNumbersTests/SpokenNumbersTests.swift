import AttentionMechanisms
import AttentionSignals
import AttentionTensors
import AttentionTraining
import Foundation
import SpokenNumbers
import Testing

/// Listeners learn to write down what they hear, here hums of ten pitches.
@Suite struct SpokenNumbersTests {
    /// Two people who hum each digit at a pitch of its own.
    private static func hums() throws -> DigitRecordings {
        DigitRecordings(
            speakers: try (0..<2).map { speaker in
                try (0..<10).map { digit in
                    let pitch = 250 * pow(2, Float(digit) / 3) * (speaker == 0 ? 1 : 1.05)
                    let samples = (0..<800).map { 0.5 * sin(2 * .pi * pitch * Float($0) / 8000) }
                    return .init(digit: digit, sound: try Sound(samples, sampleRate: 8000))
                }
            })
    }

    private func learns<Attention>(_ listener: NumberListener<Attention>, updates: Int) throws {
        let hums = try Self.hums()
        var configuration = TrainingConfiguration()
        (configuration.maximumUpdates, configuration.clippingNorm) = (updates, 1)
        configuration.validationInterval = updates / 2
        var trainer = try listenerTraining(
            listener, train: hums, valid: hums, lengths: 1...2, batchSize: 8, configuration)
        let before = try trainer.model.loss(hums.numbers(8, lengths: 1...2, key: RandomKey(seed: 5)))
        #expect(try trainer.run() == .maximumUpdates)
        let after = try trainer.model.loss(hums.numbers(8, lengths: 1...2, key: RandomKey(seed: 5)))
        #expect(after.total.scalar < 0.6 * before.total.scalar, "\(before.total.scalar) → \(after.total.scalar)")
        let writing = try trainer.model.write(hums.numbers(2, lengths: 2...2, key: RandomKey(seed: 6)), limit: 4)
        for number in writing {
            #expect(number.looks.count == min(5, number.digits.count + 1))
            #expect(number.looks.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 })
        }
    }

    @Test func onePlainlyLearns() throws { try learns(.plain(key: RandomKey(seed: 1)), updates: 60) }
    @Test func oneThatKnowsWhereItLookedLearns() throws { try learns(.locating(key: RandomKey(seed: 1)), updates: 60) }

    /// A number is heard the same beside a longer one.
    @Test func companyDoesNotMatter() throws {
        let numbers = try Self.hums().numbers(3, lengths: 1...4, key: RandomKey(seed: 2))
        let listener = NumberListener.locating(key: RandomKey(seed: 1))
        let together = try listener.loss(numbers).total.scalar
        let alone = try numbers.reduce(Float(0)) { $0 + (try listener.loss([$1]).total.scalar) }
        #expect(abs(together - alone) < 1e-3 * together, "\(together) and \(alone)")
    }

    @Test func numbersAreOnePersonsRecordingsInARow() throws {
        let hums = try Self.hums()
        let number = try SpokenNumber(Array(hums.speakers[0][3...5]), gaps: [80, 160])
        #expect(number.digits == [3, 4, 5])
        // 2,640 samples: windows of 200, one every 80.
        #expect(number.spectrogram.frameCount == (2640 - 200) / 80 + 1)
        let drawn = try hums.numbers(20, lengths: 2...3, key: RandomKey(seed: 1))
        #expect(Set(drawn.map(\.digits.count)) == [2, 3])
        #expect(try hums.numbers(20, lengths: 2...3, key: RandomKey(seed: 1)).map(\.digits) == drawn.map(\.digits))
    }

    @Test func filesSayWhoSaysWhat() throws {
        let folder = NSTemporaryDirectory() + "digits-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sound = try Sound([Float](repeating: 0.1, count: 400), sampleRate: 8000)
        for name in ["3_ann_0.wav", "4_ann_1.wav", "3_bob_0.wav", "x_bob_1.wav", "notes.txt"] {
            try sound.write(to: folder + "/" + name)
        }
        let found = try DigitRecordings(folder: folder)
        #expect(found.speakers.map { $0.map(\.digit) } == [[3, 4], [3]])
    }
}
