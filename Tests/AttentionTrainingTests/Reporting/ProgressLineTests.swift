import AttentionFiles
import AttentionTraining
import Testing

struct ProgressLineTests {
    private func line(
        loss: Double = 2.3449, rate: Float = 5e-4, tokens: Double = 12_034.4, secondsLeft: Double? = nil,
        of updates: Int? = nil
    ) throws -> String {
        let json = """
            {"event":"progress","update":1200,"epoch":2,"loss":\(loss),"learningRate":\(rate),"gradientNorm":1.204,\
            "tokensPerSecond":\(tokens),"seconds":10\(secondsLeft.map { ",\"secondsLeft\":\($0)" } ?? "")}
            """
        guard case .progress(let report) = try event(json) else { return "" }
        return ProgressLine(report, maximumUpdates: updates).description
    }

    @Test func everythingIsSaidOnce() throws {
        #expect(
            try line(secondsLeft: 725, of: 8000)
                == "update 1200/8000  epoch 3  loss 2.345  12034 tokens/s  rate 5.0e-04  norm 1.20  12 min left")
        #expect(try line() == "update 1200  epoch 3  loss 2.345  12034 tokens/s  rate 5.0e-04  norm 1.20")
    }

    @Test(arguments: [
        (0.2, "0 s"), (59.6, "60 s"), (99, "99 s"), (100, "2 min"), (3000, "50 min"), (7500, "2 h 05 min"),
        (360_000, "100 h 00 min"),
    ])
    func durations(seconds: Double, words: String) throws {
        #expect(try line(secondsLeft: seconds).hasSuffix("  \(words) left"))
    }

    @Test func numbers() throws {
        #expect(try line(loss: 0.0004).contains("loss 0.000  "))
        #expect(try line(loss: 0.0996).contains("loss 0.100  "))
        #expect(try line(loss: 123.4567).contains("loss 123.457  "))
        #expect(try line(rate: 1).contains("rate 1.0e+00  "))
        #expect(try line(rate: 9.96e-4).contains("rate 1.0e-03  "))
        #expect(try line(rate: 0).contains("rate 0.0  "))
    }
}
