import AttentionFiles
import AttentionTensors
import Testing

@Suite struct MachineCeilingsTests {
    @Test func everyPrecisionAndMemory() {
        let ceilings = MachineCeilings(measuringFor: 0.001)
        for precision in Precision.allCases {
            #expect(
                ceilings.arithmetic[precision].map { $0.oneThread > 0 && $0.allThreads > 0 } == true, "\(precision)")
        }
        #expect(ceilings.reading.oneThread.isFinite && ceilings.reading.oneThread > 0)
        #expect(ceilings.reading.allThreads.isFinite && ceilings.reading.allThreads > 0)
    }
}
