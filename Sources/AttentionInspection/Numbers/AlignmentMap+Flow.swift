extension AlignmentMap {
    /// Attention flow: how much could pass from each input token to each position of the last layer, if what a layer looks at were the capacity of
    /// a pipe. Where rollout multiplies what is looked at along a way and adds the ways, a way here is as wide as its narrowest part.
    ///
    /// Positions of all layers are the nodes; from each to each of the layer below leads an edge of capacity A_l = ½ mean over heads of W_l + ½ I,
    /// as in `rollout()`. The flow from a position to an input token is the greatest that the capacities let through; rows are divided by their sum.
    ///
    /// - Returns: [K][K] of the last layer, looking down.
    /// - Throws: `AlignmentError.notSquare` unless there are as many targets as sources.
    /// - Complexity: K² greatest flows over L · K² edges: for sentences, not for documents.
    /// - Source: Abnar and Zuidema (2020), *Quantifying Attention Flow in Transformers*, section 3; greatest flows by Dinic (1970).
    public func flow() throws(AlignmentError) -> AlignmentMatrix {
        guard source.count == target.count else {
            throw .notSquare(operation: "attention flow", targetCount: target.count, sourceCount: source.count)
        }
        let network = FlowNetwork(layers: weights.map { withResidual(meanOfHeads($0)) }, width: source.count)
        let rows = target.indices.map { row in
            normalized(source.indices.map { Float(network.greatestFlow(from: row, to: $0)) })
        }
        return AlignmentMatrix(unchecked: name, source: source, target: target, weights: rows)
    }
}

/// Positions of layers, each with pipes to those of the layer below.
private struct FlowNetwork {
    private struct Edge {
        let target: Int
        var capacity: Double
    }

    private let width: Int
    private let depth: Int
    /// Every pipe and, behind it, the way back through it.
    private let edges: [Edge]
    /// The edges that leave each node; node `layer * width + position`, the input at layer 0.
    private let leaving: [[Int]]

    /// - Parameter layers: [L][K][K], the first layer looks at the input.
    init(layers: [[[Float]]], width: Int) {
        var (edges, leaving) = ([Edge](), [[Int]](repeating: [], count: (layers.count + 1) * width))
        for (layer, rows) in layers.enumerated() {
            for (position, row) in rows.enumerated() {
                for (below, capacity) in row.enumerated() where capacity > 0 {
                    let (upper, lower) = ((layer + 1) * width + position, layer * width + below)
                    leaving[upper].append(edges.count)
                    leaving[lower].append(edges.count + 1)
                    edges += [Edge(target: lower, capacity: Double(capacity)), Edge(target: upper, capacity: 0)]
                }
            }
        }
        (self.width, depth, self.edges, self.leaving) = (width, layers.count, edges, leaving)
    }

    /// What passes from a position of the last layer to one of the input at most.
    func greatestFlow(from position: Int, to input: Int) -> Double {
        var search = Search(network: self, source: depth * width + position, sink: input)
        return search.run()
    }

    /// Dinic's algorithm: as long as the sink can be reached, shortest ways are filled until none is left.
    private struct Search {
        /// Less is nothing: what rounding leaves of a full pipe.
        private static let least = 1e-12

        let (source, sink): (Int, Int)
        private let leaving: [[Int]]
        private var edges: [Edge]
        private var levels: [Int]
        /// How many of its edges each node has tried.
        private var tried: [Int]

        init(network: FlowNetwork, source: Int, sink: Int) {
            (self.source, self.sink, leaving, edges) = (source, sink, network.leaving, network.edges)
            levels = Array(repeating: -1, count: leaving.count)
            tried = Array(repeating: 0, count: leaving.count)
        }

        mutating func run() -> Double {
            var flow = 0.0
            while reachesSink() {
                tried = Array(repeating: 0, count: leaving.count)
                while case let more = push(.infinity, from: source), more > Self.least { flow += more }
            }
            return flow
        }

        /// Tells each node's distance from the source through pipes that are not full.
        private mutating func reachesSink() -> Bool {
            levels = Array(repeating: -1, count: leaving.count)
            levels[source] = 0
            var (queue, next) = ([source], 0)
            while next < queue.count {
                let node = queue[next]
                next += 1
                for edge in leaving[node] where edges[edge].capacity > Self.least && levels[edges[edge].target] < 0 {
                    levels[edges[edge].target] = levels[node] + 1
                    queue.append(edges[edge].target)
                }
            }
            return levels[sink] >= 0
        }

        private mutating func push(_ limit: Double, from node: Int) -> Double {
            guard node != sink else { return limit }
            while tried[node] < leaving[node].count {
                let edge = leaving[node][tried[node]]
                let (target, capacity) = (edges[edge].target, edges[edge].capacity)
                if capacity > Self.least, levels[target] == levels[node] + 1 {
                    let pushed = push(min(limit, capacity), from: target)
                    if pushed > Self.least {
                        edges[edge].capacity -= pushed
                        edges[edge ^ 1].capacity += pushed
                        return pushed
                    }
                }
                tried[node] += 1
            }
            return 0
        }
    }
}
