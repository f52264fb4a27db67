/// How processes that train one model together agree on what each of them has found.
///
/// Every rank has the same model and the same data, computes its share of an update's batches, as a `BatchDivision` says, and adds up gradients of its own.
/// `combine` gives each rank the sum over all of them for the parameters that it follows, as `GradientBuckets` says; it takes the step of these, and all get the
/// new weights. Only rank 0 validates, and writes checkpoints and logs.
///
/// All ranks call the same functions in the same order. What they get must be the same bits everywhere, or their models drift apart: add
/// in the order of ranks.
public protocol GradientExchange {
    /// The number of this process, from 0.
    var rank: Int { get }
    /// How many processes there are.
    var rankCount: Int { get }
    /// How many numbers are worth a message.
    var bucketSize: Int { get }

    /// Makes sure that all ranks are about to do the same: what decides the course of the training, by name.
    /// - Throws: `TrainingError.otherRanks` on all ranks if they disagree.
    func introduce(_ facts: [String: String]) throws

    /// Replaces what this rank has added up by the sum over all ranks, in their order: of the losses, and of the gradients that it follows. A parameter that has a gradient
    /// on one rank has one on all that follow it.
    ///
    /// The last batch's gradients are computed when they are asked for: a bucket may travel while the next is still to be computed.
    func combine(_ sums: inout UpdateSums, in buckets: GradientBuckets) throws

    /// What every rank brings, in their order.
    func everyone<Value: Codable>(_ value: Value) throws -> [Value]

    /// The numbers that every rank brings, as many of each, one behind the other in their order.
    func gather(_ numbers: [Float]) throws -> [Float]
}

extension GradientExchange {
    /// Whether this process is the one of its ranks that validates, and writes files.
    public var isWriter: Bool { rank == 0 }

    /// What all ranks do, when each of them wishes to stop for some reason, or to go on (nil): the wish of the lowest rank that has one.
    public func agree(on wish: StopReason?) throws -> StopReason? {
        try everyone(wish).compactMap(\.self).first
    }

    /// What rank 0 has found; what the others bring is not looked at.
    public func share(_ found: ValidationResult?) throws -> ValidationResult? {
        try everyone(isWriter ? found : nil)[0]
    }
}

/// A process that trains alone: its sums are those of all.
public struct SingleProcess: GradientExchange, Sendable {
    /// 0.
    public var rank: Int { 0 }
    /// 1.
    public var rankCount: Int { 1 }
    /// Without end: nothing is sent.
    public var bucketSize: Int { .max }

    /// The exchange of one process.
    public init() {}

    /// There is nobody to disagree with.
    public func introduce(_ facts: [String: String]) {}

    /// Leaves the sums as they are.
    public func combine(_ sums: inout UpdateSums, in buckets: GradientBuckets) {}

    /// The value itself.
    public func everyone<Value: Codable>(_ value: Value) -> [Value] { [value] }

    /// The numbers themselves.
    public func gather(_ numbers: [Float]) -> [Float] { numbers }
}
