import CAttentionKernels
import Testing

@Suite struct DropoutTests {
    @Test(arguments: Table.available)
    func everyTableKeepsTheSame(table: Table) {
        for count in oddSizes {
            // The last base crosses the point where the upper half of the index changes.
            let bases: [UInt64] = [0, 12_345, (1 << 32) - 20]
            for base in bases {
                let x = Floats((0..<count).map { Float($0 + 1) })
                let out = Floats(count: count)
                table.kernels.dropout(out.pointer, x.pointer, 0.25, 77, base, count)
                let expected = Floats(
                    (0..<count).map {
                        attn_random_bits(77, base + UInt64($0)) >> 8 >= 1 << 22 ? Float($0 + 1) / 0.75 : 0
                    })
                expectClose(out, expected, tolerance: 1e-6, "\(table.name) from \(base)")
                #expect(zip(out.values, expected.values).allSatisfy { ($0 == 0) == ($1 == 0) })
            }
        }
    }

    @Test(arguments: Table.available)
    func probabilitiesZeroAndOne(table: Table) {
        let x = Floats(repeating: 3, count: 100)
        let out = Floats(count: 100)
        table.kernels.dropout(out.pointer, x.pointer, 0, 1, 2, 100)
        #expect(out.values.allSatisfy { $0 == 3 })
        table.kernels.dropout(out.pointer, x.pointer, 1, 1, 2, 100)
        #expect(out.values.allSatisfy { $0 == 0 })
    }

    /// Golden bits: a checkpointed run must drop the same weights for ever.
    @Test func generatorIsFixed() {
        #expect(attn_random_bits(0, 0) == Self.golden[0])
        #expect(attn_random_bits(0, 1) == Self.golden[1])
        #expect(attn_random_bits(1, 0) == Self.golden[2])
        #expect(attn_random_bits(.max, (1 << 40) + 5) == Self.golden[3])
    }
    static let golden: [UInt32] = [2_133_699_716, 3_733_818_237, 1_625_406_257, 2_864_868_912]

    @Test func generatorIsFair() {
        let count = 1 << 18
        let seeds: [UInt64] = [0, 1, 2, 1 << 32, 0xdead_beef_0000_0001]
        for seed in seeds {
            var ones = [Int](repeating: 0, count: 32)
            var (pairs, buckets) = (0, [Int](repeating: 0, count: 256))
            var previous = attn_random_bits(seed, 1 << 33)
            for index in 1...count {
                let bits = attn_random_bits(seed, (1 << 33) + UInt64(index))
                for bit in 0..<32 where bits >> bit & 1 == 1 { ones[bit] += 1 }
                if (bits ^ previous) >> 31 == 0 { pairs += 1 }
                buckets[Int(bits >> 24)] += 1
                previous = bits
            }
            // Five standard deviations of a binomial count.
            let deviation = 5 * (Double(count) / 4).squareRoot()
            for bit in ones { #expect(abs(Double(bit) - Double(count) / 2) < deviation) }
            #expect(abs(Double(pairs) - Double(count) / 2) < deviation)
            let expected = Double(count) / 256
            let chiSquare = buckets.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
            #expect(chiSquare > 150 && chiSquare < 380)  // 255 degrees of freedom
        }
        // Neighbouring seeds are unrelated.
        let agreements = (0..<UInt64(count)).reduce(0) {
            $0 + ((attn_random_bits(5, $1) ^ attn_random_bits(6, $1)) >> 31 == 0 ? 1 : 0)
        }
        #expect(abs(Double(agreements) - Double(count) / 2) < 5 * (Double(count) / 4).squareRoot())
    }
}
