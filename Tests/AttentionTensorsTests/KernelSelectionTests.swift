import AttentionFiles
import AttentionTensors
import Testing

@Suite struct KernelSelectionTests {
    @Test func theOneInUseIsAvailable() {
        #expect(KernelSelection.available.first == "scalar")
        #expect(KernelSelection.available.contains(KernelSelection.active))
    }
}
