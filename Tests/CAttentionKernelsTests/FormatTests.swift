import CAttentionKernels
import Testing

@Suite struct FormatTests {
    /// Every 16-bit pattern to float; the way back returns it. NaNs stay NaNs.
    @Test(arguments: Table.available)
    func everyPattern(table: Table) {
        let k = table.kernels
        let patterns = (0...UInt16.max).map { $0 }
        let floats = Floats(count: patterns.count)
        var back = patterns
        k.float_from_bfloat16(floats.pointer, patterns, patterns.count)
        k.bfloat16_from_float(&back, floats.pointer, patterns.count)
        for (index, pattern) in patterns.enumerated() {
            let exact = Float(bitPattern: UInt32(pattern) << 16)
            #expect(exact.isNaN ? floats[index].isNaN : floats[index].bitPattern == exact.bitPattern)
            #expect(exact.isNaN ? Float(bitPattern: UInt32(back[index]) << 16).isNaN : back[index] == pattern)
        }
        k.float_from_float16(floats.pointer, patterns, patterns.count)
        k.float16_from_float(&back, floats.pointer, patterns.count)
        for (index, pattern) in patterns.enumerated() {
            let exact = Self.float(pattern)
            #expect(exact.isNaN ? floats[index].isNaN : floats[index].bitPattern == exact.bitPattern)
            #expect(exact.isNaN ? Self.float(back[index]).isNaN : back[index] == pattern)
        }
    }

    /// IEEE 754 binary16 by its definition.
    static func float(_ pattern: UInt16) -> Float {
        let (exponent, fraction) = (Int(pattern >> 10 & 31), Float(pattern & 1023))
        let sign: Float = pattern >> 15 == 1 ? -1 : 1
        if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
        return exponent == 0
            ? sign * fraction * 0x1p-24
            : sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }

    /// Rounding to nearest, ties to even, against a search for the nearest representable value.
    @Test(arguments: Table.available)
    func rounding(table: Table) {
        let k = table.kernels
        let inputs = Floats(
            stride(from: UInt64(0), to: 1 << 32, by: 9973).map { Float(bitPattern: UInt32($0)) } + specials + [
                65504, 65519.99, 65520, 0x1p-24, 0x1p-25, 0x1.000002p-25, 0x1.8p-24, 0x1.4p-23, 0x1.004p0, 0x1.00cp0,
                0x1.01p0, 0x1.03p0,
            ])
        var (bfloat16, float16) = (
            [UInt16](repeating: 0, count: inputs.count), [UInt16](repeating: 0, count: inputs.count)
        )
        k.bfloat16_from_float(&bfloat16, inputs.pointer, inputs.count)
        k.float16_from_float(&float16, inputs.pointer, inputs.count)
        for index in 0..<inputs.count {
            let x = inputs[index]
            if x.isNaN {
                #expect(Float(bitPattern: UInt32(bfloat16[index]) << 16).isNaN && Self.float(float16[index]).isNaN)
                continue
            }
            for (found, value) in [
                (bfloat16[index], { (pattern: UInt16) in Float(bitPattern: UInt32(pattern) << 16) }),
                (float16[index], Self.float),
            ] {
                // Magnitudes grow with patterns; beyond the greatest finite value infinity stands for the next step.
                let magnitude = found & 0x7fff
                #expect(found >> 15 == (x.sign == .minus ? 1 : 0))
                func step(_ pattern: UInt16) -> Double {
                    let y = Double(value(pattern))
                    if y.isFinite { return y }
                    let (last, before) = (Double(value(pattern - 1)), Double(value(pattern - 2)))
                    return last + (last - before)
                }
                let distance = abs(abs(Double(x)) - step(magnitude))
                if x.isInfinite {
                    #expect(value(magnitude) == .infinity)
                    continue
                }
                if magnitude > 0 {
                    let below = abs(abs(Double(x)) - step(magnitude - 1))
                    #expect(distance < below || distance == below && magnitude % 2 == 0)
                }
                if value(magnitude).isFinite {
                    let above = abs(abs(Double(x)) - step(magnitude + 1))
                    #expect(distance < above || distance == above && magnitude % 2 == 0)
                }
            }
        }
    }

    @Test(arguments: Table.available)
    func oddSizesWithinBounds(table: Table) {
        let k = table.kernels
        for count in oddSizes {
            let x = Floats((0..<count).map { Float($0) - 20 })
            for (narrow, widen) in [
                (k.bfloat16_from_float, k.float_from_bfloat16), (k.float16_from_float, k.float_from_float16),
            ] {
                var halves = [UInt16](repeating: 0xabcd, count: count + 3)
                halves.withUnsafeMutableBufferPointer { narrow($0.baseAddress! + 1, x.pointer, count) }
                #expect(halves[0] == 0xabcd && halves[count + 1] == 0xabcd && halves[count + 2] == 0xabcd)
                let out = Floats(count: count)
                halves.withUnsafeBufferPointer { widen(out.pointer, $0.baseAddress! + 1, count) }
                expectClose(out, x, tolerance: 0, "\(table.name) of \(count)")
            }
        }
    }
}
