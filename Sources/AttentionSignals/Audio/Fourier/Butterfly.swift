/// The small transforms that a Fourier transform is made of, each result turned for the next pass.
enum Butterfly {
    typealias Input = UnsafeBufferPointer<ComplexLanes>
    typealias Output = UnsafeMutableBufferPointer<ComplexLanes>
    typealias Turns = UnsafeBufferPointer<Root>

    @inline(__always)
    static func two(_ input: Input, _ output: Output, _ turns: Turns, _ place: FourierPlan.Place) {
        let (first, second) = (input[place.input], input[place.input + place.inputStride])
        output[place.output] = first + second
        output[place.output + place.outputStride] = (first - second) * turns[place.turn]
    }

    /// sin(2π / 3)
    private static let sine3 = 0.866025403784438646763723170752936183

    @inline(__always)
    static func three(_ input: Input, _ output: Output, _ turns: Turns, _ place: FourierPlan.Place) {
        let first = input[place.input]
        let (second, third) = (input[place.input + place.inputStride], input[place.input + 2 * place.inputStride])
        let sum = second + third
        let difference = (second - third).quarterBack * sine3
        let middle = first - sum * 0.5
        output[place.output] = first + sum
        output[place.output + place.outputStride] = (middle + difference) * turns[place.turn]
        output[place.output + 2 * place.outputStride] = (middle - difference) * turns[place.turn + 1]
    }

    @inline(__always)
    static func four(_ input: Input, _ output: Output, _ turns: Turns, _ place: FourierPlan.Place) {
        let (first, second) = (input[place.input], input[place.input + place.inputStride])
        let third = input[place.input + 2 * place.inputStride]
        let fourth = input[place.input + 3 * place.inputStride]
        let (evenSum, evenDifference) = (first + third, first - third)
        let (oddSum, oddDifference) = (second + fourth, (second - fourth).quarterBack)
        output[place.output] = evenSum + oddSum
        output[place.output + place.outputStride] = (evenDifference + oddDifference) * turns[place.turn]
        output[place.output + 2 * place.outputStride] = (evenSum - oddSum) * turns[place.turn + 1]
        output[place.output + 3 * place.outputStride] = (evenDifference - oddDifference) * turns[place.turn + 2]
    }

    /// cos and sin of 2π / 5 and 4π / 5
    private static let (cosine5, sine5) = (
        0.309016994374947424102293417182819059, 0.951056516295153572116439333379382143
    )
    private static let (cosine52, sine52) = (
        -0.809016994374947424102293417182819059, 0.587785252292473129168705954639072769
    )

    @inline(__always)
    static func five(_ input: Input, _ output: Output, _ turns: Turns, _ place: FourierPlan.Place) {
        let first = input[place.input]
        let (second, fifth) = (input[place.input + place.inputStride], input[place.input + 4 * place.inputStride])
        let third = input[place.input + 2 * place.inputStride]
        let fourth = input[place.input + 3 * place.inputStride]
        let (outerSum, innerSum) = (second + fifth, third + fourth)
        let (outer, inner) = ((second - fifth).quarterBack, (third - fourth).quarterBack)
        let near = first + outerSum * cosine5 + innerSum * cosine52
        let far = first + outerSum * cosine52 + innerSum * cosine5
        let nearTurn = outer * sine5 + inner * sine52
        let farTurn = outer * sine52 - inner * sine5
        output[place.output] = first + outerSum + innerSum
        output[place.output + place.outputStride] = (near + nearTurn) * turns[place.turn]
        output[place.output + 2 * place.outputStride] = (far + farTurn) * turns[place.turn + 1]
        output[place.output + 3 * place.outputStride] = (far - farTurn) * turns[place.turn + 2]
        output[place.output + 4 * place.outputStride] = (near - nearTurn) * turns[place.turn + 3]
    }

    /// By the definition: `factor`² products.
    static func any(
        _ factor: Int, _ roots: [Root], _ input: Input, _ output: Output, _ turns: Turns, _ place: FourierPlan.Place
    ) {
        for result in 0..<factor {
            var sum = input[place.input]
            var root = 0
            for index in 1..<factor {
                root = (root + result) % factor
                sum = sum + input[place.input + index * place.inputStride] * roots[root]
            }
            output[place.output + result * place.outputStride] =
                result == 0 ? sum : sum * turns[place.turn + result - 1]
        }
    }
}
