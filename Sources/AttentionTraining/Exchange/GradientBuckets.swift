package import AttentionTensors

/// How gradients travel between ranks, and which elements of the parameters each rank follows.
///
/// Parameters are taken from the last to the first, about as backward passes reach them; as many of them make a bucket as together have enough elements to be
/// worth a message. A bucket is cut into equal parts, wherever that is: rank r adds up the r-th part of every bucket. Where the optimizer looks at single
/// elements (`StepReach`), the rank follows its parts alone: it remembers what there is to remember of them, takes their steps, and tells the others the new
/// weights. The other parameters are in buckets of their own, of which all ranks get all sums and take all steps.
///
/// *Source:* Rajbhandari, Rasley, Ruwase & He 2020, *ZeRO: Memory Optimizations Toward Training Trillion Parameter Models*, section 5.1 (P_os).
public struct GradientBuckets: Sendable {
    /// In the order in which they travel.
    let buckets: [GradientBucket]
    private let rankCount: Int

    /// - Parameters:
    ///   - parameters: those that are trained, in the order of the model.
    ///   - size: how many elements a bucket has at least; the last may have fewer.
    package init(
        of parameters: [(name: String, shape: Shape, reach: StepReach)], size: Int, rankCount: Int
    ) {
        self.rankCount = rankCount
        var finished: [GradientBucket] = []
        var open: [StepReach: GradientBucket] = [:]
        for (name, shape, reach) in parameters.reversed() {
            var bucket = open.removeValue(forKey: reach) ?? GradientBucket(reach: reach, rankCount: rankCount)
            bucket.append(ParameterPiece(name, shape))
            if bucket.count >= size { finished.append(bucket) } else { open[reach] = bucket }
        }
        buckets = finished + [StepReach.element, .parameter].compactMap { open[$0] }
    }

    /// Those of which every rank follows a part.
    var divided: [GradientBucket] { buckets.filter { $0.reach == .element } }

    /// What a rank follows.
    package func share(of rank: Int) -> ParameterShare {
        guard rankCount > 1 else { return .all }
        let pieces = buckets.flatMap { bucket in
            switch bucket.reach {
            case .element: bucket.pieces(of: rank)
            case .parameter: bucket.parameters
            }
        }
        return .pieces(Dictionary(uniqueKeysWithValues: pieces.map { ($0.name, $0) }))
    }
}

/// Parameters whose elements travel together, one behind the other.
struct GradientBucket: Sendable {
    let reach: StepReach
    private let rankCount: Int
    private(set) var parameters: [ParameterPiece] = []
    /// How many elements they have together.
    private(set) var count = 0

    init(reach: StepReach, rankCount: Int) { (self.reach, self.rankCount) = (reach, rankCount) }

    mutating func append(_ parameter: ParameterPiece) {
        parameters.append(parameter)
        count += parameter.range.count
    }

    /// How many numbers a rank's part has; those of the last ones may be filled up with zeros.
    var partSize: Int { (count + rankCount - 1) / rankCount }

    /// A rank's part.
    func pieces(of rank: Int) -> [ParameterPiece] {
        let part = rank * partSize..<(rank + 1) * partSize
        var start = 0
        return parameters.compactMap { parameter in
            let place = start..<start + parameter.range.count
            start = place.upperBound
            let own = place.clamped(to: part)
            guard !own.isEmpty else { return nil }
            return ParameterPiece(
                parameter.name, parameter.whole,
                own.lowerBound - place.lowerBound..<own.upperBound - place.lowerBound)
        }
    }

    /// All parts, one behind the other; zeros where there is no gradient.
    func numbers(_ gradient: (_ name: String) throws -> Tensor?) rethrows -> [Float] {
        var numbers: [Float] = []
        numbers.reserveCapacity(partSize * rankCount)
        for parameter in parameters {
            numbers += try gradient(parameter.name)?.values ?? [Float].zeros(parameter.range.count)
        }
        return filled(numbers, to: partSize * rankCount)
    }

    /// A rank's part, piece by piece.
    func part(of rank: Int, _ numbers: (ParameterPiece) -> [Float]) -> [Float] {
        filled(pieces(of: rank).flatMap(numbers), to: partSize)
    }

    private func filled(_ numbers: [Float], to count: Int) -> [Float] { numbers + [Float].zeros(count - numbers.count) }

    /// The tensors of a rank's part.
    func tensors(of part: [Float], rank: Int) -> [(name: String, tensor: Tensor)] {
        Self.tensors(pieces(of: rank), part)
    }

    /// The tensors of all parts.
    func tensors(of numbers: [Float]) -> [(name: String, tensor: Tensor)] { Self.tensors(parameters, numbers) }

    private static func tensors(_ pieces: [ParameterPiece], _ numbers: [Float]) -> [(name: String, tensor: Tensor)] {
        var start = 0
        return pieces.map { piece in
            let range = start..<start + piece.range.count
            start = range.upperBound
            let tensor = Tensor(shape: piece.shape) { out in
                numbers[range].withUnsafeBufferPointer { numbers in
                    guard let first = numbers.baseAddress else { return }
                    out.update(from: first, count: numbers.count)
                }
            }
            return (piece.name, tensor)
        }
    }
}

extension [Float] {
    fileprivate static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
}
