internal import AttentionFiles
internal import AttentionTensors
internal import CAttentionKernels
internal import CAttentionMessages

/// Processes that `mpirun` or `srun` has started, on one machine or many, train one model together.
///
/// Gradients travel in buckets. Each rank adds up one part of every bucket, in the order of ranks, and gives all the sum, or the weights that it has made of it:
/// with the same number of ranks a training repeats bit for bit, whatever library and network there are, and every rank sends and receives
/// 2 (R − 1) / R of the gradients' size, the least there can be.
///
/// A bucket travels as soon as its gradients are known, in the same order on all ranks, while those of the next are computed. Libraries of MPI may move what is on
/// its way only while they are called, and so they are after each parameter.
///
/// *Source:* Rabenseifner 2004, *Optimization of Collective Reduction Operations* (reduce-scatter, all-gather); Li et al. 2020, *PyTorch
/// Distributed: Experiences on Accelerating Data Parallel Training*, section 3.2 (buckets, overlap).
public final class MessagePassingExchange: GradientExchange {
    private let transport: any MessageTransport
    private let library: MessagePassingLibrary?
    private var hasIntroduced = false
    private var combinedCount = 0
    private var sentByteCount = 0

    public var rank: Int { transport.rank }
    public var rankCount: Int { transport.rankCount }
    public let bucketSize: Int

    /// Joins the others that this process was started with; nil if it was started alone.
    /// - Throws: `MessagePassingError` if there is no library, or it knows nothing of the others.
    public static func joined() throws(MessagePassingError) -> MessagePassingExchange? {
        guard let launcher = MessagePassingLauncher.current else { return nil }
        let library = try MessagePassingLibrary(startedBy: launcher)
        return MessagePassingExchange(library, library: library)
    }

    /// - Parameter bucketSize: how many numbers are worth a message.
    package convenience init(_ transport: any MessageTransport, bucketSize: Int = 1 << 20) {
        self.init(transport, library: nil, bucketSize: bucketSize)
    }

    private init(_ transport: any MessageTransport, library: MessagePassingLibrary?, bucketSize: Int = 1 << 20) {
        (self.transport, self.library, self.bucketSize) = (transport, library, bucketSize)
    }

    /// The library, as people know it: `Open MPI v4.1.4 (libmpi.so.40)`.
    public var libraryName: String { library.map { "\($0.version) (\($0.name))" } ?? "no library" }

    /// How many bytes this rank has sent an update, on the average; 0 before the first. They are gradients and weights, and what the optimizer remembers where that
    /// was saved.
    public var bytesPerUpdate: Int { combinedCount > 0 ? sentByteCount / combinedCount : 0 }

    /// Whether all have introduced themselves, and train.
    public var isAtWork: Bool { hasIntroduced }

    /// How many threads this rank has cores for, where all that share cores with it take as many.
    public func threadShare() throws -> Int {
        let cores = AllowedCores()
        let places = try everyone(cores.place)
        return max(1, cores.count / places.count { $0 == cores.place })
    }

    /// Tells the others, who wait for this rank to introduce itself, why it cannot begin.
    public func refuse(_ reason: String) throws {
        _ = try everyone(Introduction(refusal: reason))
    }

    /// Waits for the others, and parts from them.
    public func leave() { library?.leave() }

    public func introduce(_ facts: [String: String]) throws {
        var facts = facts
        facts["program"] = try Self.programFingerprint.get()
        facts["kernels"] = KernelSelection.active
        if let library { facts["MPI library"] = library.version }
        let all = try everyone(Introduction(facts: facts))
        for (rank, introduction) in all.enumerated() {
            if let reason = introduction.refusal { throw MessagePassingError.otherRank(rank, reason: reason) }
        }
        let differences = all.enumerated().flatMap { rank, other in
            Set(all[0].facts.keys).union(other.facts.keys).sorted().filter { all[0].facts[$0] != other.facts[$0] }.map {
                TrainingError.RankDifference(
                    name: $0, first: all[0].facts[$0], rank: rank, other: other.facts[$0])
            }
        }
        guard differences.isEmpty else { throw TrainingError.otherRanks(differences) }
        hasIntroduced = true
    }

    public func combine(_ sums: inout UpdateSums, in buckets: GradientBuckets) throws {
        var names: [String] = []
        var trades: [any MessageTrade] = []
        for bucket in buckets.buckets {
            let numbers = try bucket.numbers { name in
                let gradient = sums.takeGradient(of: name)
                if gradient != nil { names.append(name) }
                for trade in trades { try trade.advance() }
                return gradient
            }
            trades.append(try transport.trade(numbers))
        }
        let all = try everyone(Contribution(sums.losses, names: names))
        sums.losses = LossSums()
        for contribution in all { sums.losses.add(contribution.losses) }
        let known = Set(all.flatMap(\.names))
        var combined = ParameterGradients()
        for bucket in buckets.buckets {
            let own = added(try trades.removeFirst().received())
            let tensors =
                switch bucket.reach {
                case .element: bucket.tensors(of: own, rank: rank)
                case .parameter: bucket.tensors(of: try gather(own))
                }
            for (name, tensor) in tensors where known.contains(name) { combined[name] = tensor }
        }
        sums.gradients = combined
        combinedCount += 1
    }

    /// The sum of the parts of a bucket that all ranks have sent to this one.
    private func added(_ parts: [Float]) -> [Float] {
        let size = parts.count / rankCount
        var own = Array(parts[..<size])
        parts.withUnsafeBufferPointer { parts in
            own.withUnsafeMutableBufferPointer { own in
                guard let own = own.baseAddress, let parts = parts.baseAddress else { return }
                for rank in 1..<max(1, rankCount) { kernels.add(own, own, parts + rank * size, size) }
            }
        }
        sentByteCount += (rankCount - 1) * size * MemoryLayout<Float>.stride
        return own
    }

    public func gather(_ numbers: [Float]) throws -> [Float] {
        sentByteCount += (rankCount - 1) * numbers.count * MemoryLayout<Float>.stride
        return try transport.gather(numbers)
    }

    public func everyone<Value: Codable>(_ value: Value) throws -> [Value] {
        let own = Array(try JSONEncoding.text(of: [value], numbers: .named).utf8)
        let counts = try transport.gather(withUnsafeBytes(of: Int64(own.count).littleEndian, Array.init))
        let lengths = counts.withUnsafeBytes { bytes in
            (0..<rankCount).map {
                Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)))
            }
        }
        let longest = lengths.max() ?? 0
        let all = try transport.gather(own + [UInt8](repeating: 0, count: longest - own.count))
        return try lengths.enumerated().map { rank, length in
            let bytes = Array(all[rank * longest..<rank * longest + length])
            do { return try JSONDecoding.decode([Value].self, from: bytes, numbers: .named)[0] } catch {
                throw MessagePassingError.unreadable(rank: rank)
            }
        }
    }

    /// What this program is told by; read once, since it stays as it is.
    private static let programFingerprint: Result<String, any Error> = Result {
        let program = try ReadOnlyBytes(contentsOf: "/proc/self/exe")
        let word = program.withBytes(in: 0..<program.count) { bytes in
            bytes.baseAddress.map { attn_fingerprint($0, bytes.count) } ?? 0
        }
        return "\(program.count) bytes (\(String(word, radix: 16)))"
    }
}
