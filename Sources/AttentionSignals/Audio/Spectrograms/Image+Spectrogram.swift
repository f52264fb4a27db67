extension Image {
    /// A spectrogram as people look at it: moments from left to right, bands from the bottom up, the least number black and the greatest
    /// white.
    ///
    /// - Throws: ``SignalError`` if there is no moment or no band, or a number is not finite.
    public init(_ spectrogram: Spectrogram) throws(SignalError) {
        let (width, height, values) = (spectrogram.frameCount, spectrogram.bandCount, spectrogram.values)
        guard let least = values.min(), let greatest = values.max(), values.allSatisfy(\.isFinite) else {
            throw .unfit(
                operation: "picture of a spectrogram", expected: "one moment and one band or more, and finite numbers",
                found: "\(width) moments, \(height) bands", wayOut: "take a longer sound")
        }
        // In double precision the distance of any two is finite.
        let range = greatest > least ? Double(greatest) - Double(least) : 1
        let samples = (0..<width * height).map { place in
            let (row, moment) = place.quotientAndRemainder(dividingBy: width)
            let value = values[moment * height + height - 1 - row]
            return UInt8(((Double(value) - Double(least)) / range * 255).rounded())
        }
        self.init(unchecked: samples, width, height, .grey)
    }
}
