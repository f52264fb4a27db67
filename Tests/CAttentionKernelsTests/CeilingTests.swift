import CAttentionKernels
import Testing

@Suite struct CeilingTests {
    /// A ceiling that skips work would be too high: the sum tells whether every product was added.
    @Test(arguments: Table.available)
    func everyMultiplyAddIsDone(table: Table) {
        let ceilings = table.kernels.ceilings
        for (precision, ceiling) in [ceilings.0, ceilings.1, ceilings.2, ceilings.3].enumerated() {
            var sum = -1.0
            #expect(ceiling(&sum, 2, 3, 0) == 0 && sum == 0, "\(table.name) \(precision)")
            let once = ceiling(&sum, 2, 3, 1)
            #expect(once >= 1 && sum == 6 * once, "\(table.name) \(precision)")
            for (x, y, steps) in [(1, 1, 100), (4, 3, 7), (1, 4, 33)] as [(Float, Float, Int)] {
                let count = ceiling(&sum, x, y, steps)
                #expect(count == once * Double(steps), "\(table.name) \(precision)")
                #expect(sum == Double(x * y) * count, "\(table.name) \(precision)")
            }
        }
    }

    @Test func sumsStayExact() {
        let ceilings = attn_kernels_active().pointee.ceilings
        for ceiling in [ceilings.0, ceilings.1, ceilings.2, ceilings.3] {
            var sum = 0.0
            let count = ceiling(&sum, 1, 1, 1 << 20)
            #expect(sum == count)
        }
    }
}
