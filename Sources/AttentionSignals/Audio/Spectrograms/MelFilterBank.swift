/// Bands of frequencies, equally wide to the ear: each a triangle over the bins of a spectrum, rising from the middle of the band before and
/// falling to the middle of the one behind.
///
/// Source: Davis & Mermelstein 1980; the conventions are librosa's `filters.mel` and, where the slopes are straight in mel, Kaldi's.
public struct MelFilterBank: Sendable, Hashable {
    /// How high the triangles are.
    public enum Height: Sendable, Hashable {
        case one
        /// 2 / (width in hertz), so that every triangle has the same area: librosa's `norm="slaney"`.
        case sameArea
    }

    /// In which measure the slopes are straight lines.
    public enum Slopes: Sendable, Hashable {
        case hertz
        case mel
    }

    /// The weights of one band: nothing but 0 before `first` and behind.
    private struct Band: Hashable {
        let first: Int
        let weights: [Double]
    }

    private let bands: [Band]
    /// How many frequencies the spectrum has.
    public let binCount: Int
    /// How many bands.
    public var bandCount: Int { bands.count }

    /// - Parameters:
    ///   - bandCount: How many bands.
    ///   - binCount: How many frequencies the spectrum has, from 0 to half the sample rate.
    ///   - range: Where the first band begins and the last ends, in hertz.
    /// - Throws: ``SignalError`` unless there are bands and two bins or more, and the range lies within 0 and half the sample rate.
    public init(
        bandCount: Int, binCount: Int, sampleRate: Int, range: ClosedRange<Double>, scale: MelScale = .slaney,
        height: Height = .sameArea, slopes: Slopes = .hertz
    ) throws(SignalError) {
        try Sound.check(sampleRate: sampleRate, for: "mel filters")
        guard 1...(1 << 16) ~= bandCount, 2...(1 << 22) ~= binCount, range.lowerBound >= 0,
            range.upperBound <= Double(sampleRate) / 2, range.lowerBound < range.upperBound
        else {
            throw .unfit(
                operation: "mel filters",
                expected: "1 to 65536 bands, 2 bins or more and frequencies of 0 to \(Double(sampleRate) / 2)",
                found: "\(bandCount) bands, \(binCount) bins, \(range)", wayOut: "narrow the range")
        }
        let (low, high) = (scale.mel(ofHertz: range.lowerBound), scale.mel(ofHertz: range.upperBound))
        let corners = (0..<bandCount + 2).map { low + (high - low) * Double($0) / Double(bandCount + 1) }
        let hertz = corners.map(scale.hertz(ofMel:))
        let binWidth = Double(sampleRate) / Double(2 * (binCount - 1))
        let bins = (0..<binCount).map { Double($0) * binWidth }
        let places = slopes == .hertz ? bins : bins.map(scale.mel(ofHertz:))
        let edges = slopes == .hertz ? hertz : corners
        bands = (0..<bandCount).map { index in
            let factor = height == .one ? 1 : 2 / (hertz[index + 2] - hertz[index])
            let weights = places.map { place in
                let rise = (place - edges[index]) / (edges[index + 1] - edges[index])
                let fall = (edges[index + 2] - place) / (edges[index + 2] - edges[index + 1])
                return max(0, min(rise, fall)) * factor
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? -1
            return Band(first: first, weights: first <= last ? Array(weights[first...last]) : [])
        }
        self.binCount = binCount
    }

    /// The weights of all bands, `[bands, bins]`.
    public var weights: [[Double]] {
        bands.map { band in
            var row = [Double](repeating: 0, count: binCount)
            row.replaceSubrange(band.first..<band.first + band.weights.count, with: band.weights)
            return row
        }
    }

    /// The power of each band in four spectra.
    func apply(to powers: [SIMD4<Double>], into energies: inout [SIMD4<Double>]) {
        for (index, band) in bands.enumerated() {
            var sum = SIMD4<Double>.zero
            for (offset, weight) in band.weights.enumerated() { sum += weight * powers[band.first + offset] }
            energies[index] = sum
        }
    }
}
