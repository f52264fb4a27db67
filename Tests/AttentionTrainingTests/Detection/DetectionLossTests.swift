import AttentionTensors
import AttentionTraining
import Testing

/// Matching and losses of detectors against scipy and transformers; `scripts/make-detection-fixtures.py` made the numbers.
@Suite struct DetectionLossTests {
    private let fixture: SafetensorsFile

    init() throws {
        fixture = try SafetensorsFile(
            path: #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
                + "/Fixtures/detection.safetensors")
    }

    private func compare(_ found: Tensor, _ name: String) throws {
        let expected = try fixture.tensor(named: name)
        try #require(found.shape.elementCount == expected.shape.elementCount, "\(name)")
        for (x, y) in zip(found.values, expected.values) {
            #expect(abs(x - y) <= 1e-5 * (1 + abs(y)), "\(name): \(x) instead of \(y)")
        }
    }

    @Test(arguments: 0..<8) func assignmentsAreTheReferences(_ index: Int) throws {
        let costs = try fixture.tensor(named: "assignment.\(index).costs")
        let rows = try costs.unstacked().map { $0.values.map(Double.init) }
        let expected = try fixture.integers(named: "assignment.\(index).columns").map { $0 < 0 ? nil : $0 }
        #expect(try minimalAssignment(rows) == expected)
    }

    /// Of all permutations none is cheaper; many costs are equal.
    @Test func noPermutationIsCheaper() throws {
        var key = RandomKey(seed: 5)
        for size in 1...6 {
            key = key[size]
            let costs = try Tensor.uniform([size, size], in: 0...4, key: key).unstacked().map {
                $0.values.map { Double($0.rounded()) }
            }
            func cheapest(_ row: Int, _ free: Set<Int>) -> Double {
                row == size ? 0 : free.map { costs[row][$0] + cheapest(row + 1, free.subtracting([$0])) }.min() ?? 0
            }
            let columns = try minimalAssignment(costs).compactMap(\.self)
            #expect(Set(columns).count == size)
            #expect(zip(costs, columns).reduce(0) { $0 + $1.0[$1.1] } == cheapest(0, Set(0..<size)))
        }
        #expect(try minimalAssignment([]).isEmpty)
        #expect(try minimalAssignment([[], []]) == [nil, nil])
        let error = #expect(throws: ShapeError.self) { try minimalAssignment([[1, .nan]]) }
        #expect(error?.description.contains("expected costs that are numbers, found nan") == true)
    }

    @Test func overlapsAreTheReferences() throws {
        let boxes = try fixture.tensor(named: "overlap.boxes")
        let (first, second) = (try boxes.at(0).contiguous().tracked(), try boxes.at(1).contiguous().tracked())
        let overlap = try BoxOverlap(first, second)
        try compare(overlap.generalized.detached(), "overlap.generalized")
        let weights = try Tensor((0..<20).map { 1 + Float($0) / 19 }, shape: [20])
        let gradients = try (overlap.generalized * weights).sum().gradients()
        let both = try stacked([#require(gradients[first]), #require(gradients[second])])
        try compare(both, "overlap.gradient")
    }

    @Test func focalLossIsTheReference() throws {
        let logits = try fixture.tensor(named: "focal.logits").tracked()
        let targets = try fixture.integers(named: "focal.targets").map { $0 < 0 ? nil : $0 }
        let loss = try logits.focalLoss(targets: targets)
        try compare(loss.detached(), "focal.loss")
        try compare(try #require(try loss.gradients()[logits]), "focal.gradient")
        #expect(try Tensor([90, -90], shape: [1, 2]).focalLoss(targets: [1]).scalar.isFinite)
    }

    @Test func lossOfASetIsTheReference() throws {
        let logits = try fixture.tensor(named: "set.logits").tracked()
        let raw = try fixture.tensor(named: "set.raw").tracked()
        let parts = try SetPredictionLoss()(logits: logits, boxes: raw.sigmoid(), truths: truths())
        try compare(parts.classes.detached(), "set.loss_ce")
        try compare(parts.boxes.detached(), "set.loss_bbox")
        try compare(parts.overlap.detached(), "set.loss_giou")
        try compare(parts.total.detached(), "set.loss")
        let gradients = try parts.total.gradients()
        try compare(try #require(gradients[logits]), "set.logits.gradient")
        try compare(try #require(gradients[raw]), "set.raw.gradient")
    }

    private func truths() throws -> [SetPredictionLoss.Truth] {
        try (0..<3).map { row in
            let boxes = try fixture.tensor(named: "set.boxes.\(row)")
            return try SetPredictionLoss.Truth(
                classes: fixture.integers(named: "set.classes.\(row)"),
                boxes: boxes.shape[0] == 0 ? [] : boxes.unstacked().map(\.values))
        }
    }

    @Test func focalLossOfASetIsTheReference() throws {
        let logits = try fixture.tensor(named: "focal_set.logits").tracked()
        let raw = try fixture.tensor(named: "focal_set.raw").tracked()
        let truths = try truths()
        let matches = try FocalSetLoss().matches(logits: logits, boxes: raw.sigmoid(), truths: truths)
        for row in 0..<3 {
            #expect(try matches[row] == fixture.integers(named: "focal_set.matches.\(row)").map { $0 })
        }
        let parts = try FocalSetLoss()(logits: logits, boxes: raw.sigmoid(), truths: truths)
        try compare(parts.classes.detached(), "focal_set.loss_ce")
        try compare(parts.boxes.detached(), "focal_set.loss_bbox")
        try compare(parts.overlap.detached(), "focal_set.loss_giou")
        try compare(parts.total.detached(), "focal_set.loss")
        let gradients = try parts.total.gradients()
        try compare(try #require(gradients[logits]), "focal_set.logits.gradient")
        try compare(try #require(gradients[raw]), "focal_set.raw.gradient")
    }

    /// Where there is nothing, only classes are wrong; where there are more objects than predictions, some are left out.
    @Test func picturesMayBeEmptyOrFull() throws {
        let (logits, boxes) = (Tensor.zeros([1, 2, 3]), Tensor.full(0.5, [1, 2, 4]))
        let empty = try FocalSetLoss()(
            logits: logits, boxes: boxes, truths: [SetPredictionLoss.Truth(classes: [], boxes: [])])
        // Six numbers, each 0.75 · 0.5² · ln 2.
        #expect(abs(empty.total.scalar - 2 * 6 * 0.1875 * 0.693147) < 1e-4 && empty.boxes.scalar == 0)
        let full = try SetPredictionLoss.Truth(
            classes: [0, 1, 2], boxes: [[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.4, 0.4], [0.1, 0.1, 0.1, 0.1]])
        let matches = try FocalSetLoss().matches(logits: logits, boxes: boxes, truths: [full])[0]
        #expect(Set(matches.prefix(2)) == [0, 1] && matches[2] == nil)
        let error = #expect(throws: ShapeError.self) {
            try FocalSetLoss()(
                logits: logits, boxes: boxes,
                truths: [SetPredictionLoss.Truth(classes: [3], boxes: [[0.5, 0.5, 0.1, 0.1]])])
        }
        #expect(error?.description.contains("expected classes below 3, found 3") == true)
    }

    @Test func boxesOutsideThePictureAreRefused() throws {
        let error = #expect(throws: ShapeError.self) {
            try SetPredictionLoss.Truth(classes: [1], boxes: [[0.5, 0.5, 1.5, 0.2]])
        }
        #expect(
            error?.description.contains("expected a box of x, y, width and height in shares of the picture") == true)
        #expect(throws: ShapeError.self) {
            try SetPredictionLoss()(
                logits: .zeros([1, 2, 3]), boxes: .zeros([1, 2, 4]),
                truths: [SetPredictionLoss.Truth(classes: [2], boxes: [[0.5, 0.5, 0.1, 0.1]])])
        }
    }
}
