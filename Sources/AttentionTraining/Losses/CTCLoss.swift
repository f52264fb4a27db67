public import AttentionTensors
internal import Glibc

/// −ln P of label sequences, of which nobody says at which moments their labels stand: the sum over all ways to put them there, blanks and repetitions
/// between (Graves et al. 2006, *Connectionist Temporal Classification*, sec. 4).
///
///     L_b = −ln Σ_π Π_t softmax(logits_b,t)[π_t],   π of length T_b that become the labels without repetitions and blanks
///
/// Sums are taken in logarithms and double precision, forwards and backwards; the derivative is softmax − posterior.
/// - Parameters:
///   - logits: [B, T, V].
///   - lengths: how many moments of each row are real, T_b; nil for all.
///   - targets: the labels of each row, none of which is the blank.
///   - blank: the class that stands for no label.
/// - Returns: [B]; ∞ for labels that the moments are too few for, whose gradient is 0.
/// - Throws: `ShapeError` if the shapes, the lengths or a label do not fit.
/// - Complexity: O(B T (V + labels)).
public func ctcLoss(
    _ logits: Tensor, lengths: [Int]? = nil, targets: [[Int]], blank: Int = 0
) throws(ShapeError) -> Tensor {
    guard logits.shape.rank == 3, targets.count == logits.shape[0] else {
        throw ShapeError(
            "ctcLoss", expected: "logits [B, T, V] with labels for each row",
            found: "\(logits.shape) and \(targets.count) rows of labels")
    }
    let (rows, steps, classes) = (logits.shape[0], logits.shape[1], logits.shape[2])
    let lengths = lengths ?? [Int](repeating: steps, count: rows)
    guard lengths.count == rows, lengths.allSatisfy({ (0...steps).contains($0) }) else {
        throw ShapeError("ctcLoss", expected: "\(rows) lengths of at most \(steps)", found: "\(lengths)")
    }
    guard (0..<classes).contains(blank) else {
        throw ShapeError("ctcLoss", expected: "a blank below \(classes)", found: "\(blank)")
    }
    if let wrong = targets.joined().first(where: { $0 == blank || !(0..<classes).contains($0) }) {
        throw ShapeError(
            "ctcLoss", expected: "labels below \(classes) other than the blank \(blank)", found: "\(wrong)")
    }
    let shares = try logits.detached().logSoftmax()
    let values = shares.values
    var (losses, gradient) = ([Float](), [Float](repeating: 0, count: values.count))
    for row in 0..<rows {
        let lattice = CTCLattice(
            Array(values[row * steps * classes..<(row * steps + lengths[row]) * classes]), classCount: classes,
            labels: targets[row], blank: blank)
        losses.append(Float(-lattice.logProbability))
        guard lattice.logProbability > -.infinity else { continue }
        lattice.addGradient(to: &gradient, at: row * steps * classes)
    }
    let slopes = try Tensor(gradient, shape: logits.shape)
    return try Tensor.operation(on: [logits]) { _ throws(ShapeError) in
        try Tensor(losses, shape: [rows])
    } pullback: { upstream, _, _ in
        [slopes * (try upstream.reshaped(to: [rows, 1, 1]))]
    }
}

/// The ways through one row: at each moment, how likely all ways up to and from each state are. States are the labels with a blank before, between and
/// behind them.
private struct CTCLattice {
    private let shares: [Float]
    private let classCount: Int
    private let states: [Int]
    private let blank: Int
    private let stepCount: Int
    /// ln of all ways up to each state at each moment, that moment included, [T, S]; and of all ways on from it, that moment not included.
    private var forward: [Double]
    private var backward: [Double]
    /// ln P of the labels.
    let logProbability: Double

    init(_ shares: [Float], classCount: Int, labels: [Int], blank: Int) {
        (self.shares, self.classCount, self.blank) = (shares, classCount, blank)
        states = [blank] + labels.flatMap { [$0, blank] }
        stepCount = shares.count / classCount
        let (count, size) = (stepCount, states.count)
        forward = [Double](repeating: -.infinity, count: count * size)
        backward = forward
        guard count > 0 else {
            logProbability = labels.isEmpty ? 0 : -.infinity
            return
        }
        let classes = states
        func share(_ step: Int, _ state: Int) -> Double { Double(shares[step * classCount + classes[state]]) }
        /// Whether a way may leave out the blank before a state.
        func skips(_ state: Int) -> Bool {
            state >= 2 && classes[state] != blank && classes[state] != classes[state - 2]
        }
        for state in 0..<min(2, size) { forward[state] = share(0, state) }
        for step in 1..<max(1, count) {
            for state in 0..<size {
                let before = (step - 1) * size + state
                var sum = forward[before]
                if state >= 1 { sum = logSum(sum, forward[before - 1]) }
                if skips(state) { sum = logSum(sum, forward[before - 2]) }
                forward[step * size + state] = sum + share(step, state)
            }
        }
        let last = (count - 1) * size
        var backward = self.backward
        for state in max(0, size - 2)..<size { backward[last + state] = 0 }
        for step in stride(from: count - 2, through: 0, by: -1) {
            for state in 0..<size {
                func onward(_ next: Int) -> Double { backward[(step + 1) * size + next] + share(step + 1, next) }
                var sum = onward(state)
                if state + 1 < size { sum = logSum(sum, onward(state + 1)) }
                if state + 2 < size, skips(state + 2) { sum = logSum(sum, onward(state + 2)) }
                backward[step * size + state] = sum
            }
        }
        self.backward = backward
        logProbability = logSum(forward[last + size - 1], size > 1 ? forward[last + size - 2] : -.infinity)
    }

    /// softmax − posterior at every moment.
    func addGradient(to gradient: inout [Float], at start: Int) {
        for step in 0..<stepCount {
            for index in 0..<classCount {
                gradient[start + step * classCount + index] += Float(exp(Double(shares[step * classCount + index])))
            }
            for (state, label) in states.enumerated() {
                let place = step * states.count + state
                let posterior = exp(forward[place] + backward[place] - logProbability)
                gradient[start + step * classCount + label] -= Float(posterior)
            }
        }
    }
}

/// ln(eˣ + eʸ).
private func logSum(_ x: Double, _ y: Double) -> Double {
    let (larger, smaller) = (max(x, y), min(x, y))
    return smaller == -.infinity ? larger : larger + log1p(exp(smaller - larger))
}
