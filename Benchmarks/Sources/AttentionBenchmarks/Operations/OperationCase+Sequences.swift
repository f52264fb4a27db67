import Attention

// What sound needs.
extension OperationCase {
    static let sequences: [OperationCase] = [
        ctc([8, 500, 32], labels: 60), ctc([1, 1500, 32], labels: 200), fourier(400), fourier(16384),
        logMel(seconds: 30),
    ]

    /// Of labels 1, 2, …, over and over, blank 0; B losses from logits.
    private static func ctc(_ logits: Shape, labels: Int) -> OperationCase {
        let targets = [[Int]](repeating: (0..<labels).map { 1 + $0 % (logits[2] - 1) }, count: logits[0])
        return OperationCase("ctc-\(logits.name)-l\(labels)", [logits]) { try ctcLoss($0[0], targets: targets) }
    }

    /// Of real numbers in double precision, one sequence.
    private static func fourier(_ size: Int) -> OperationCase {
        OperationCase("rfft64-\(size)") {
            let transform = try RealFFT(size: size)
            let values = Tensor.normal([size], key: RandomKey(seed: 0)).values.map(Double.init)
            return { _ = try transform(values) }
        }
    }

    /// What Whisper hears of a sound.
    private static func logMel(seconds: Int) -> OperationCase {
        let sampleCount = seconds * LogMel.modelSampleRate
        return OperationCase("logmel-\(sampleCount)") {
            let samples = Tensor.normal([sampleCount], deviation: 0.1, key: RandomKey(seed: 0)).values
            let (logMel, sound) = (try LogMel.whisper(), try Sound(samples, sampleRate: LogMel.modelSampleRate))
            return { _ = try logMel(sound) }
        }
    }
}
