import AttentionTensors
import ConvexHull
import Testing

/// The geometry of the convex-hull example.
@Suite struct HullProblemTests {
    /// The unit square's corners around a point.
    private let square = HullProblem(points: [[0.5, 0.4], [1, 1], [0, 0], [1, 0], [0, 1]])

    @Test func `corners run counter-clockwise from the lowest index`() {
        #expect(square.hull == [1, 4, 2, 3])
    }

    @Test func `a hull may be told from any corner, in either direction`() {
        #expect(square.isHull([2, 3, 1, 4]))
        #expect(square.isHull([4, 1, 3, 2]))
        #expect(!square.isHull([1, 2, 4, 3]))
        #expect(!square.isHull([1, 4, 2]))
        #expect(!square.isHull([1, 4, 2, 3, 3]))
    }

    @Test func `coverage is the polygon's share of the hull's area`() {
        #expect(square.coverage([1, 4, 2, 3]) == 1)
        #expect(square.coverage([1, 4, 2]) == 0.5)
        #expect(square.coverage([1, 4, 0, 3]) == 0.55)
    }

    @Test func `what is no polygon covers nothing`() {
        #expect(square.coverage([1, 2, 4, 3]) == nil)
        #expect(square.coverage([1, 4]) == nil)
        #expect(square.coverage([1, 4, 1, 2]) == nil)
    }

    /// A corner is a point that some line separates from all others: every other point lies on one side of each side of the hull.
    @Test func `every point lies to the left of every side`() {
        for problem in problems(50, pointCount: 9, key: RandomKey(seed: 1)) {
            let sides = zip(problem.hull, problem.hull.dropFirst() + problem.hull.prefix(1))
            for (from, to) in sides.map({ (problem.points[$0], problem.points[$1]) }) {
                for point in problem.points where point != from && point != to {
                    let (along, towards) = (to - from, point - from)
                    #expect(along.x * towards.y - along.y * towards.x > 0)
                }
            }
            #expect(problem.isHull(problem.hull))
            #expect(problem.coverage(problem.hull) == 1)
        }
    }
}
