import AttentionTraining
import Testing

@Suite struct CooledScheduleTests {
    @Test func fallsInAStraightLineAtTheEnd() {
        let schedule = CooledSchedule(ConstantSchedule(rate: 8), updates: 3, total: 10)
        #expect((1...11).map { schedule.rate(at: $0) } == [8, 8, 8, 8, 8, 8, 8, 6, 4, 2, 0])
    }

    @Test func scalesWhateverTheCourseIs() {
        let base = InverseSquareRootSchedule(peak: 1, warmup: 4)
        let schedule = CooledSchedule(base, updates: 1, total: 16)
        #expect(schedule.rate(at: 9) == base.rate(at: 9))
        #expect(schedule.rate(at: 16) == base.rate(at: 16) / 2)
        #expect(CooledSchedule(base, updates: 0, total: 16).rate(at: 16) == base.rate(at: 16))
    }
}
