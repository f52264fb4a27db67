internal import Glibc

/// The discrete Fourier transform of `size` complex numbers, Z[k] = Σ_j z[j] · exp(−2πi j k / size), for two of them at once.
///
/// One pass for each factor of the size – 4, 2, 3, 5, or any other prime – from one buffer into the other, so that the results come out
/// in order (Stockham). Primes of more than ``largestPrime`` are transformed by a convolution instead (``ChirpTransform``).
///
/// - Complexity: O(size · Σ factors); O(size log size) with a large prime.
///
/// Source: Stockham (1966); the passes as Swarztrauber's FFTPACK arranges them.
struct FourierPlan: Sendable {
    static let largestPrime = 61

    private struct Pass {
        let factor: Int
        /// The product of the factors before, and the sizes that remain.
        let (before, after): (Int, Int)
        /// exp(−2πi r · before · i / size) at `(factor − 1) · i + r − 1`, for r = 1 ..< factor, i = 0 ..< after.
        let turns: [Root]
        /// exp(−2πi r / factor).
        let roots: [Root]
    }

    let size: Int
    private let passes: [Pass]
    private let chirp: ChirpTransform?

    /// - Precondition: `size` is at least 1.
    init(size: Int) {
        self.size = size
        let factors = Self.factors(of: size)
        guard factors.allSatisfy({ $0 <= Self.largestPrime }) else {
            (passes, chirp) = ([], ChirpTransform(size: size))
            return
        }
        chirp = nil
        var (passes, before): ([Pass], Int) = ([], 1)
        for factor in factors {
            let after = size / (before * factor)
            let turns = (0..<after).flatMap { index in
                (1..<factor).map { Self.root($0 * before * index, of: size) }
            }
            passes.append(
                Pass(
                    factor: factor, before: before, after: after, turns: turns,
                    roots: (0..<factor).map { Self.root($0, of: factor) }))
            before *= factor
        }
        self.passes = passes
    }

    /// Fours first: one pass of four costs less than two of two.
    private static func factors(of size: Int) -> [Int] {
        var (rest, factors, divisor) = (size, [Int](), 2)
        while rest % 4 == 0 {
            factors.append(4)
            rest /= 4
        }
        while rest > 1 {
            while rest % divisor == 0 {
                factors.append(divisor)
                rest /= divisor
            }
            divisor = divisor * divisor > rest ? rest : divisor + 1
        }
        return factors
    }

    /// exp(−2πi index / count), with an angle of at most one turn.
    static func root(_ index: Int, of count: Int) -> Root {
        let angle = -2 * Double.pi * Double(index % count) / Double(count)
        return Root(real: cos(angle), imaginary: sin(angle))
    }

    /// Transforms `values` in place; `work` is as large and is written over.
    func transform(
        _ values: UnsafeMutableBufferPointer<ComplexLanes>, _ work: UnsafeMutableBufferPointer<ComplexLanes>
    ) {
        if let chirp { return chirp.transform(values) }
        var (input, output) = (values, work)
        for pass in passes {
            Self.run(pass, from: UnsafeBufferPointer(input), to: output)
            swap(&input, &output)
        }
        if input.baseAddress != values.baseAddress { _ = values.update(fromContentsOf: input) }
    }

    /// `input` is `[before, factor, after]`, `output` `[factor, before, after]`.
    private static func run(
        _ pass: Pass, from input: UnsafeBufferPointer<ComplexLanes>, to output: UnsafeMutableBufferPointer<ComplexLanes>
    ) {
        let (factor, after) = (pass.factor, pass.after)
        let stride = pass.before * after
        pass.turns.withUnsafeBufferPointer { turns in
            for block in 0..<pass.before {
                for index in 0..<after {
                    let place = Place(
                        input: block * factor * after + index, inputStride: after, output: block * after + index,
                        outputStride: stride, turn: index * (factor - 1))
                    switch factor {
                    case 2: Butterfly.two(input, output, turns, place)
                    case 3: Butterfly.three(input, output, turns, place)
                    case 4: Butterfly.four(input, output, turns, place)
                    case 5: Butterfly.five(input, output, turns, place)
                    default: Butterfly.any(factor, pass.roots, input, output, turns, place)
                    }
                }
            }
        }
    }

    /// Where one small transform finds its numbers, its turns, and where it leaves its results.
    struct Place {
        let (input, inputStride, output, outputStride, turn): (Int, Int, Int, Int, Int)
    }
}
