import AttentionInspection
import Testing

@Suite struct HardAlignmentTests {
    let matrix = try? AlignmentMatrix(
        source: ["a", "b", "c"], target: ["w", "x", "y", "z"],
        weights: [[0.2, 0.7, 0.1], [0.4, 0.2, 0.4], [0, 0, 0], [0.3, 0.3, 0.4]])

    @Test func takesTheGreatestWeightOfEachTarget() throws {
        let matrix = try #require(matrix)
        #expect(matrix.hardAlignment().pharaoh == "0-1 1-0 2-3")
        #expect(matrix.hardAlignment(threshold: 0.4).pharaoh == "0-1 1-0 2-3")
        #expect(matrix.hardAlignment(threshold: 0.5).pharaoh == "1-0")
    }

    @Test func theOtherDirectionIsATransposition() throws {
        let matrix = try #require(matrix)
        #expect(matrix.transposed.hardAlignment().transposed.pharaoh == "0-1 1-0 2-1")
        #expect(matrix.hardAlignment().transposed.transposed == matrix.hardAlignment())
    }

    @Test func readsAndWritesPharaoh() throws {
        #expect(try HardAlignment(pharaoh: " 2-1\t0-0  10-3\n0-0").pharaoh == "0-0 2-1 10-3")
        #expect(try HardAlignment(pharaoh: "").links.isEmpty)
    }

    @Test(arguments: ["1", "1-", "-1", "1-2-3", "a-b", "+1-2", "1--2", "1p2", "99999999999999999999-0", "1 -2", "١-٢"])
    func refusesWhatIsNotPharaoh(text: String) {
        #expect(throws: AlignmentError.self) { try HardAlignment(pharaoh: text) }
    }

    @Test func namesTheBadLink() {
        #expect(throws: AlignmentError.badLink("x", position: 2, firstIndex: 0)) {
            try HardAlignment(pharaoh: "0-0 1-1 x 2-2")
        }
    }

    @Test func randomTextNeverTraps() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let text = String((0..<12).map { _ in "0123456789--p \t+é".randomElement(using: &generator) ?? " " })
            do {
                let alignment = try HardAlignment(pharaoh: text)
                #expect(try HardAlignment(pharaoh: alignment.pharaoh) == alignment)
            } catch {
                #expect(error.description.hasPrefix("Pharaoh alignment: expected links"))
            }
        }
    }
}
