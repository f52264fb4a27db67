extension PowerSpectrum {
    /// Hands out the powers of four frames after the other, with the number of the first; behind the last frame there are zeros.
    func forEachFour(
        of samples: [Float], _ body: (_ first: Int, _ powers: [SIMD4<Double>]) -> Void
    ) throws(SignalError) {
        let padded = try padded(samples)
        let count = frameCount(sampleCount: samples.count)
        var buffer = RealFFT.Buffer(size: transform.size)
        var powers = [SIMD4<Double>](repeating: .zero, count: binCount)
        for first in stride(from: 0, to: count, by: 4) {
            fill(&buffer, from: padded, frames: first..<min(first + 4, count))
            transform.powers(of: &buffer, into: &powers)
            body(first, powers)
        }
    }

    /// The sound with what lies before and behind it.
    private func padded(_ samples: [Float]) throws(SignalError) -> [Float] {
        let half = transform.size / 2
        switch padding {
        case .none: return samples
        case .zeros:
            let zeros = [Float](repeating: 0, count: half)
            return zeros + samples + zeros
        case .reflection:
            guard samples.count > half else {
                throw .unfit(
                    operation: "spectrogram", expected: "more than \(half) samples, to mirror them at the ends",
                    found: "\(samples.count)", wayOut: "lengthen the sound with fitted(toSampleCount:)")
            }
            return samples[1...half].reversed() + samples
                + samples[(samples.count - 1 - half)..<(samples.count - 1)].reversed()
        }
    }

    private func fill(_ buffer: inout RealFFT.Buffer, from samples: [Float], frames: Range<Int>) {
        let starts = (0..<4).map { min(frames.lowerBound + $0, frames.upperBound - 1) * hop }
        // What stands for frames that are missing is not looked at.
        samples.withUnsafeBufferPointer { samples in
            for index in window.indices {
                buffer[index] = SIMD4(
                    Double(samples[starts[0] + index]), Double(samples[starts[1] + index]),
                    Double(samples[starts[2] + index]), Double(samples[starts[3] + index]))
            }
        }
        if case .emphasis(let factor) = preparation { emphasize(&buffer, factor) }
        for (index, value) in window.enumerated() { buffer[index] *= value }
        buffer.clear(from: window.count)
    }

    private func emphasize(_ buffer: inout RealFFT.Buffer, _ factor: Double) {
        var sum = SIMD4<Double>.zero
        for index in window.indices { sum += buffer[index] }
        let mean = sum / Double(window.count)
        var previous = buffer[0] - mean
        for index in window.indices {
            let value = buffer[index] - mean
            buffer[index] = value - factor * previous
            previous = value
        }
    }
}
