import AttentionTraining
import Testing

@Suite struct LinearScheduleTests {
    @Test func climbsAndFallsInStraightLines() {
        let schedule = LinearSchedule(peak: 8, warmup: 2, total: 9)
        #expect((1...10).map { schedule.rate(at: $0) } == [4, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    }

    @Test func withoutWarmUp() {
        let schedule = LinearSchedule(peak: 1, total: 3)
        #expect((1...4).map { schedule.rate(at: $0) } == [0.75, 0.5, 0.25, 0])
        #expect(LinearSchedule(peak: 2, total: 0).rate(at: 1) == 0)
    }
}
