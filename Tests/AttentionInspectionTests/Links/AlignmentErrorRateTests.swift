import AttentionInspection
import Testing

@Suite struct AlignmentErrorRateTests {
    @Test func handComputed() throws {
        let reference = try ReferenceAlignment(pharaoh: "0-0 1-1 2p1 2p2 3-3")
        let rate = AlignmentErrorRate(of: try HardAlignment(pharaoh: "0-0 1-1 2-2 3-2"), reference: reference)
        #expect(rate.precision == 0.75)
        #expect(abs(rate.recall - 2 / 3) < 1e-12)
        #expect(abs(rate.rate - (1 - 5.0 / 7)) < 1e-12)
    }

    @Test func referencesMayCountFromOne() throws {
        let reference = try ReferenceAlignment(pharaoh: "1-1 2p3", firstIndex: 1)
        #expect(reference.sure.pharaoh == "0-0")
        #expect(reference.possible.pharaoh == "0-0 1-2")
        #expect(throws: AlignmentError.badLink("0-1", position: 1, firstIndex: 1)) {
            try ReferenceAlignment(pharaoh: "1-1 0-1", firstIndex: 1)
        }
    }

    @Test func extremes() throws {
        let links = try HardAlignment(pharaoh: "0-0 1-1")
        let nothing = HardAlignment([])
        let reference = ReferenceAlignment(sure: links, possible: nothing)
        #expect(AlignmentErrorRate(of: links, reference: reference).rate == 0)
        #expect(AlignmentErrorRate(of: nothing, reference: reference).rate == 1)
        let empty = AlignmentErrorRate(of: nothing, reference: ReferenceAlignment(sure: nothing, possible: nothing))
        #expect(empty.rate == 0 && empty.precision == 1 && empty.recall == 1)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func bruteForceOverACorpus(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var sum = AlignmentErrorRate()
        var (hits, total) = (0, 0)
        for _ in 0..<5 {
            // Every cell of a 4 × 5 grid is in A, and is nothing, possible or sure, by chance.
            var (links, sure, possible): ([Link], [Link], [Link]) = ([], [], [])
            for cell in 0..<20 {
                let link = Link(source: cell / 5, target: cell % 5)
                let isLink = Bool.random(using: &generator)
                let kind = Int.random(in: 0...2, using: &generator)
                if isLink { links.append(link) }
                if kind == 2 { sure.append(link) }
                if kind >= 1 { possible.append(link) }
                total += (isLink ? 1 : 0) + (kind == 2 ? 1 : 0)
                if isLink { hits += kind }  // A sure link is hit in S and in P.
            }
            sum += AlignmentErrorRate(
                of: HardAlignment(links),
                reference: ReferenceAlignment(sure: HardAlignment(sure), possible: HardAlignment(possible)))
        }
        #expect(abs(sum.rate - (1 - Double(hits) / Double(total))) < 1e-12)
    }
}
