import AttentionTesting
import CustomMechanism
import Testing

@Suite struct CustomMechanismTests {
    @Test func `the score obeys the laws of scores`() throws {
        try ScoreLaws(ManhattanScore(sharpness: 0.7), querySize: 4, keySize: 4).checkAll()
    }

    @Test func `the picture shows both heads, and equal words look alike`() throws {
        let heads = try alignmentPicture().split(separator: "\n\n")
        #expect(heads.count == 2)
        for head in heads {
            let rows = head.split(separator: "\n").filter { $0.hasPrefix("the ") }
            #expect(rows.count == 2 && rows[0] == rows[1], "\(head)")
        }
    }
}
