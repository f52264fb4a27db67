/// The slope of a function at a point, from central differences whose steps are halved until three estimates in a row agree.
///
/// D(h) = (f(x + h) − f(x − h)) / 2h is wrong by O(h²) and, since f is rounded, by about noise / h. Richardson's extrapolation
/// R(h) = (4 D(h) − D(2h)) / 3 is wrong by O(h⁴) alone, so h may stay large and the noise small. Where a kink lies within reach of a large step,
/// estimates disagree until the step is short enough; where they never agree, the function has no slope that could be told.
///
/// *Source:* Richardson 1911; Ridders 1982, *Accurate computation of F′(x) and F′(x) F″(x)*.
public struct SettledSlope: Sendable, Hashable {
    /// The estimate; NaN if none settled.
    public let value: Double
    /// What rounding of the function may contribute to it.
    public let noise: Double

    /// How often the largest step is halved at most.
    private static let halvingCount = 8

    init(
        at point: Float, tolerance: Double, largestStep: Float, _ function: (Float) throws -> [Float],
        contracting: ([Float], [Float]) -> (difference: Double, noise: Double)
    ) throws {
        var (slopes, noises, estimates): ([Double], [Double], [Double]) = ([], [], [])
        for exponent in 0...Self.halvingCount {
            let step = max(1, point.magnitude) * Float(sign: .plus, exponent: -exponent, significand: largestStep)
            let (above, below) = (point + step, point - step)
            let (difference, noise) = contracting(try function(above), try function(below))
            slopes.append(difference / (Double(above) - Double(below)))
            noises.append(noise / (Double(above) - Double(below)))
            guard let coarse = slopes.dropLast().last, let fine = slopes.last, let noise = noises.last else { continue }
            estimates.append((4 * fine - coarse) / 3)
            let (estimate, amplified) = ((4 * fine - coarse) / 3, (4 * noise + noises[noises.count - 2]) / 3)
            let latest = estimates.suffix(3)
            if latest.count == 3, latest.allSatisfy({ abs($0 - estimate) <= tolerance / 4 * abs(estimate) + amplified })
            {
                (value, self.noise) = (estimate, amplified)
                return
            }
        }
        (value, noise) = (.nan, 0)
    }

    /// `error` is what rounding may have done to the gradient itself.
    func agrees(with gradient: Double, tolerance: Double, error: Double) -> Bool {
        abs(gradient - value) <= tolerance * max(abs(gradient), abs(value)) + noise + error
    }
}
