import AttentionFiles
import AttentionTraining
import FoundationEssentials
import Testing

struct ScheduleTests {
    private func expect(
        _ schedule: any LearningRateSchedule, _ golden: [(Int, Float)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (update, expected) in golden {
            let found = schedule.rate(at: update)
            #expect(abs(found - expected) <= 1e-6 * expected, "at \(update)", sourceLocation: sourceLocation)
        }
    }

    /// 512^−½ · min(t^−½, t · 4000^−1.5), the paper's base model.
    @Test func inverseSquareRootOfThePaper() {
        let golden: [(Int, Float)] = [
            (1, 1.746928107e-7), (1000, 1.746928107e-4), (4000, 6.987712430e-4), (16000, 3.493856215e-4),
            (100_000, 1.397542486e-4),
        ]
        expect(InverseSquareRootSchedule(modelSize: 512, warmup: 4000), golden)
        expect(InverseSquareRootSchedule(modelSize: 512, warmup: 4000, scale: 2), golden.map { ($0.0, 2 * $0.1) })
    }

    @Test func inverseSquareRootByPeak() {
        expect(
            InverseSquareRootSchedule(peak: 0.5, warmup: 100),
            [(1, 0.005), (50, 0.25), (100, 0.5), (400, 0.25), (10_000, 0.05)])
    }

    @Test func cosineClimbsFallsAndStays() {
        expect(
            CosineSchedule(peak: 1e-3, floor: 1e-5, warmup: 100, total: 1100),
            [
                (1, 1e-5), (50, 5e-4), (100, 1e-3), (350, 8.550178567e-4), (600, 5.05e-4), (850, 1.549821433e-4),
                (1099, 1.000244273e-5), (1100, 1e-5), (5000, 1e-5),
            ])
        expect(CosineSchedule(peak: 1, total: 2), [(0, 1), (1, 0.5), (2, 0)])
    }

    @Test func constantIsConstant() { expect(ConstantSchedule(rate: 0.25), [(1, 0.25), (1_000_000, 0.25)]) }

    @Test func plateauWaitsAndReduces() {
        let schedule = PlateauSchedule(peak: 0.8, factor: 0.5, patience: 2, floor: 0.15, warmup: 4)
        func rate(_ losses: Double...) -> Float { schedule.rate(at: 100, after: losses) }
        #expect(rate() == 0.8)
        #expect(rate(3, 2, 1) == 0.8)
        #expect(rate(3, 3) == 0.8)
        #expect(rate(3, 3, 4) == 0.4)
        #expect(rate(3, 3, 4, 5) == 0.4)  // waiting begins anew
        #expect(rate(3, 3, 4, 5, 2, 2) == 0.4)
        #expect(rate(3, 3, 4, 5, 6) == 0.2)
        #expect(rate(3, 3, 4, 5, 6, 7, 8) == 0.15)
        #expect(schedule.rate(at: 1) == 0.2)
    }

    @Test func schedulesSurviveJSON() throws {
        func coded<Schedule: LearningRateSchedule>(_ schedule: Schedule) throws -> Schedule {
            try JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(schedule))
        }
        let cosine = CosineSchedule(peak: 1e-3, floor: 1e-5, warmup: 100, total: 1100)
        let plateau = PlateauSchedule(peak: 0.3)
        let root = InverseSquareRootSchedule(modelSize: 128, warmup: 10)
        #expect(try coded(cosine) == cosine)
        #expect(try coded(plateau) == plateau)
        #expect(try coded(root) == root)
    }
}
