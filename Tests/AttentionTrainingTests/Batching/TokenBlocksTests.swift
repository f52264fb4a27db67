import AttentionTraining
import Testing

@Suite struct TokenBlocksTests {
    @Test func blocksJoinAndBeginElsewhereEveryEpoch() throws {
        let source = try TokenBlocks(Array(0..<1000), length: 16, batchSize: 4, seed: 1)
        var firsts: Set<Int32> = []
        for number in 0..<8 {
            let blocks = try source.epoch(number).batches().joined().sorted { $0[$0.startIndex] < $1[$1.startIndex] }
            #expect(blocks.allSatisfy { $0.count == 17 && $0.last == $0[$0.startIndex] + 16 })
            for (one, next) in zip(blocks, blocks.dropFirst()) { #expect(one.last == next.first) }
            #expect(blocks.count >= 61)
            firsts.insert(try #require(blocks.first?.first))
            #expect(try source.epoch(number).batches() == source.epoch(number).batches())
        }
        #expect(firsts.count > 2)
    }

    @Test func oneBlockIsEnoughAndLessIsNot() throws {
        #expect(
            try TokenBlocks(Array(0..<9), length: 8, batchSize: 4, seed: 1).epoch(0).batches() == [[Array(0..<9)[...]]])
        #expect(throws: TrainingError.setting("blockLength", expected: "below the 8 tokens there are", found: "8")) {
            try TokenBlocks(Array(0..<8), length: 8, batchSize: 4, seed: 1)
        }
        #expect(throws: TrainingError.self) { try TokenBlocks(Array(0..<8), length: 4, batchSize: 0, seed: 1) }
    }
}
