import AttentionTensors
import AttentionTraining
import Testing
import TrainYourOwn

@Suite struct TrainYourOwnTests {
    @Test func `the model learns to say digits backwards`() throws {
        var trainer = try reversalTraining(updates: 200)
        #expect(try trainer.run() == .maximumUpdates)
        let loss = try #require(trainer.progress.validations.last?.loss)
        #expect(loss < 0.5, "guessing has ln 10 = 2.3")
        #expect(try trainer.model([[3, 1, 4, 1, 5, 9, 2, 6]]).indicesOfMaximum() == [6, 2, 9, 5, 1, 4, 1, 3])
    }
}
