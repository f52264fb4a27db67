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

    @Test func threadsMayEnterAndLeaveAnyNumberOfTimes() {
        attn_thread_enter()
        attn_thread_enter()
        attn_thread_leave()
        attn_thread_leave()
    }
}
