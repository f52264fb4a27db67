import Glibc
import Testing

/// Memory that ends where an inaccessible page begins, so that any access beyond it ends the test run, and that starts
/// behind a guard that tests check bit for bit. Its alignment is whatever its size leaves.
final class GuardedMemory {
    let start: UnsafeMutableRawPointer
    private let mapping: UnsafeMutableRawPointer
    private let mappedSize: Int
    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    private static let guardSize = 132
    private static let guardByte: UInt8 = 0xa5

    init(byteCount: Int) {
        let accessible = (byteCount + Self.guardSize + Self.pageSize - 1) / Self.pageSize * Self.pageSize
        mappedSize = accessible + Self.pageSize
        mapping = mmap(nil, mappedSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        precondition(mapping != MAP_FAILED && mprotect(mapping + accessible, Self.pageSize, PROT_NONE) == 0)
        start = mapping + accessible - byteCount
        (start - Self.guardSize).initializeMemory(as: UInt8.self, repeating: Self.guardByte, count: Self.guardSize)
    }

    deinit { munmap(mapping, mappedSize) }

    var guardIsIntact: Bool {
        (1...Self.guardSize).allSatisfy { (start - $0).load(as: UInt8.self) == Self.guardByte }
    }
}

/// Floats in guarded memory.
final class Floats {
    let count: Int
    private let memory: GuardedMemory

    init(_ values: some Collection<Float>) {
        count = values.count
        memory = GuardedMemory(byteCount: 4 * values.count)
        for (index, value) in values.enumerated() { pointer[index] = value }
    }

    convenience init(repeating value: Float = 0, count: Int) { self.init(repeatElement(value, count: count)) }

    var pointer: UnsafeMutablePointer<Float> { memory.start.assumingMemoryBound(to: Float.self) }
    var values: [Float] { (0..<count).map { pointer[$0] } }
    subscript(index: Int) -> Float { pointer[index] }
    var guardIsIntact: Bool { memory.guardIsIntact }
}

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// Checks that the values agree within `tolerance` · max(1, |expected|), infinities and NaNs alike, and the guards.
func expectClose(
    _ found: Floats, _ expected: Floats, tolerance: Float = 2e-6, _ what: @autoclosure () -> String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.guardIsIntact, "\(what()): guard", sourceLocation: sourceLocation)
    for index in 0..<expected.count {
        let (x, y) = (found[index], expected[index])
        let close = x == y || (x.isNaN && y.isNaN) || abs(x - y) <= tolerance * max(1, abs(y))
        if !close {
            Issue.record("\(what()): [\(index)] is \(x), expected \(y)", sourceLocation: sourceLocation)
            return
        }
    }
}
