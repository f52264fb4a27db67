import CAttentionKernels
import Testing

@Suite struct TableTests {
    @Test func scalarComesFirst() {
        #expect(Table.available.map(\.name).first == "scalar")
        #expect(Set(Table.available.map(\.name)).count == Table.available.count)
    }

    @Test func activeIsAvailable() {
        let active = String(cString: attn_kernels_active().pointee.name)
        #expect(Table.available.contains { $0.name == active })
    }

    /// Whatever a thread holds for its kernels, products are right before, within and after, however often it enters and leaves.
    @Test func threadsMayEnterAndLeaveAnyNumberOfTimes() throws {
        let active = String(cString: attn_kernels_active().pointee.name)
        let table = try #require(Table.available.first { $0.name == active })
        var generator = Generator(state: 4)
        let one = ProductCase(rows: 40, columns: 70, depth: 65, using: &generator)
        for precision in Precision.allCases {
            let expected = one.packed(table, precision).bitPatterns
            for change in [
                attn_thread_enter, attn_thread_enter, attn_thread_leave, attn_thread_leave, attn_thread_enter,
                attn_thread_leave,
            ] {
                change()
                #expect(one.packed(table, precision).bitPatterns == expected, "\(precision)")
            }
        }
    }
}
