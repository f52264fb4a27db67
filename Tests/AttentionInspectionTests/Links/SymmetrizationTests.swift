import AttentionInspection
import Testing

@Suite struct SymmetrizationTests {
    /// *Maria no daba una bofetada a la bruja verde* — *Mary did not slap the green witch*, the standing example of
    /// Koehn, Och and Marcu. English words chose their Spanish word, then Spanish words their English word.
    @Test func maryDidNotSlapTheGreenWitch() throws {
        let english = try HardAlignment(pharaoh: "0-0 1-1 1-2 4-3 6-4 8-5 7-6")
        let spanish = try HardAlignment(pharaoh: "0-0 1-2 2-3 3-3 4-3 5-4 6-4 7-6 8-5")
        #expect(english.symmetrized(with: spanish, .intersection).pharaoh == "0-0 1-2 4-3 6-4 7-6 8-5")
        let grown = "0-0 1-1 1-2 2-3 3-3 4-3 5-4 6-4 7-6 8-5"
        #expect(english.symmetrized(with: spanish, .growDiagonal).pharaoh == grown)
        #expect(english.symmetrized(with: spanish, .growDiagonalFinalAnd).pharaoh == grown)
        #expect(english.symmetrized(with: spanish, .union).pharaoh == grown)
    }

    /// Nothing grows from 0-0. 3-3 joins two words without links; 5-0 has one such word, its target is linked already.
    @Test func finalStepsDiffer() throws {
        let forward = try HardAlignment(pharaoh: "0-0 3-3")
        let backward = try HardAlignment(pharaoh: "0-0 5-0")
        #expect(forward.symmetrized(with: backward, .growDiagonal).pharaoh == "0-0")
        #expect(forward.symmetrized(with: backward, .growDiagonalFinalAnd).pharaoh == "0-0 3-3")
        #expect(forward.symmetrized(with: backward, .growDiagonalFinal).pharaoh == "0-0 3-3 5-0")
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func agreesWithThePublishedPseudocode(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (sourceCount, targetCount) = (7, 6)
        func links(_ count: Int) -> HardAlignment {
            HardAlignment(
                (0..<count).map { _ in
                    Link(
                        source: Int.random(in: 0..<sourceCount, using: &generator),
                        target: Int.random(in: 0..<targetCount, using: &generator))
                })
        }
        let shared = links(3)
        let forward = HardAlignment(links(6).links.union(shared.links))
        let backward = HardAlignment(links(6).links.union(shared.links))
        let grid = Pseudocode(forward, backward, sourceCount: sourceCount, targetCount: targetCount)
        #expect(forward.symmetrized(with: backward, .growDiagonal).links == grid.grown().links)
        #expect(forward.symmetrized(with: backward, .growDiagonalFinalAnd).links == grid.final(needsBoth: true).links)
        #expect(forward.symmetrized(with: backward, .growDiagonalFinal).links == grid.final(needsBoth: false).links)
    }

    @Test(arguments: Symmetrization.allCases)
    func liesBetweenIntersectionAndUnion(symmetrization: Symmetrization) throws {
        let forward = try HardAlignment(pharaoh: "0-0 1-2 2-1 4-4 5-3")
        let backward = try HardAlignment(pharaoh: "0-0 1-1 2-1 3-3 5-5")
        let links = forward.symmetrized(with: backward, symmetrization).links
        #expect(links.isSuperset(of: forward.links.intersection(backward.links)))
        #expect(links.isSubset(of: forward.links.union(backward.links)))
        #expect(forward.symmetrized(with: forward, symmetrization) == forward)
    }
}

/// Grow-diag-final over the whole grid of cells, as the paper prints it: slow and without sets of words.
private struct Pseudocode {
    let forward: HardAlignment
    let backward: HardAlignment
    let cells: [Link]

    init(_ forward: HardAlignment, _ backward: HardAlignment, sourceCount: Int, targetCount: Int) {
        self.forward = forward
        self.backward = backward
        cells = (0..<sourceCount).flatMap { source in
            (0..<targetCount).map { Link(source: source, target: $0) }
        }
    }

    func grown() -> HardAlignment {
        var links = forward.links.intersection(backward.links)
        var before = -1
        while links.count != before {
            before = links.count
            for cell in cells where links.contains(cell) {
                for (row, column) in [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)] {
                    let new = Link(source: cell.source + row, target: cell.target + column)
                    let isFree =
                        !links.contains { $0.source == new.source } || !links.contains { $0.target == new.target }
                    if isFree, forward.links.contains(new) || backward.links.contains(new) { links.insert(new) }
                }
            }
        }
        return HardAlignment(links)
    }

    func final(needsBoth: Bool) -> HardAlignment {
        var links = grown().links
        for direction in [forward, backward] {
            for cell in cells where direction.links.contains(cell) {
                let isSourceFree = !links.contains { $0.source == cell.source }
                let isTargetFree = !links.contains { $0.target == cell.target }
                if needsBoth ? isSourceFree && isTargetFree : isSourceFree || isTargetFree { links.insert(cell) }
            }
        }
        return HardAlignment(links)
    }
}
