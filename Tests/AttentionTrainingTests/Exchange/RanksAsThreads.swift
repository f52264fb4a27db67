import AttentionTraining
import Foundation
import Testing

/// When ranks wait for what they trade.
enum TradingTime: CaseIterable {
    /// As soon as they have something to trade: nothing is computed meanwhile.
    case whenBegun
    /// Only when they need it.
    case whenAsked
}

/// What `body` gives on all ranks of an exchange, each a thread.
func onRanks<Value>(
    _ count: Int, bucketSize: Int = 1 << 20, trading time: TradingTime = .whenAsked,
    _ body: @escaping (MessagePassingExchange) throws -> Value
) throws -> [Value] {
    let (bytes, numbers) = (Meeting<[UInt8]>(count: count), Meeting<[Float]>(count: count))
    let board = Board(count: count)
    nonisolated(unsafe) var results: [Result<Value, any Error>?] = Array(repeating: nil, count: count)
    nonisolated(unsafe) let body = body
    let lock = NSLock()
    let group = DispatchGroup()
    for rank in 0..<count {
        // Threads of their own: a pool may have fewer than there are ranks.
        group.enter()
        Thread.detachNewThread {
            let transport = ThreadTransport(
                bytes: bytes, numbers: numbers, board: board, time: time, rank: rank, rankCount: count)
            let result = Result { try body(MessagePassingExchange(transport, bucketSize: bucketSize)) }
            lock.withLock { results[rank] = result }
            group.leave()
        }
    }
    group.wait()
    return try results.map { try #require($0).get() }
}

/// Ranks that are threads of one process.
private struct ThreadTransport: MessageTransport {
    let bytes: Meeting<[UInt8]>
    let numbers: Meeting<[Float]>
    let board: Board
    let time: TradingTime
    let rank: Int
    let rankCount: Int

    func gather(_ bytes: [UInt8]) -> [UInt8] { self.bytes.meet(rank, bytes).flatMap(\.self) }

    func gather(_ numbers: [Float]) -> [Float] { self.numbers.meet(rank, numbers).flatMap(\.self) }

    func trade(_ numbers: [Float]) -> any MessageTrade {
        let trade = ThreadTrade(
            board: board, place: board.post(numbers, by: rank), rank: rank, rankCount: rankCount)
        if time == .whenBegun { _ = trade.received() }
        return trade
    }
}

/// A trade between threads.
private struct ThreadTrade: MessageTrade {
    let board: Board
    let place: Int
    let rank: Int
    let rankCount: Int

    func advance() {}

    func received() -> [Float] {
        board.all(at: place).flatMap { numbers -> ArraySlice<Float> in
            let size = numbers.count / rankCount
            return numbers[rank * size..<(rank + 1) * size]
        }
    }
}

/// Where threads leave numbers for each other, and go on.
private final class Board: @unchecked Sendable {
    private let condition = NSCondition()
    private var posted: [[[Float]]]

    init(count: Int) { posted = Array(repeating: [], count: count) }

    /// The place of what this rank leaves among all that it has left.
    func post(_ numbers: [Float], by rank: Int) -> Int {
        condition.lock()
        defer { condition.unlock() }
        posted[rank].append(numbers)
        condition.broadcast()
        return posted[rank].count - 1
    }

    /// What all ranks have left at this place, in their order.
    func all(at place: Int) -> [[Float]] {
        condition.lock()
        defer { condition.unlock() }
        while posted.contains(where: { $0.count <= place }) { condition.wait() }
        return posted.map { $0[place] }
    }
}

/// Where threads wait for each other, and each learns what all have brought.
private final class Meeting<Value>: @unchecked Sendable {
    private let count: Int
    private let condition = NSCondition()
    private var brought: [Int: [Value]] = [:]
    private var taken = 0

    init(count: Int) { self.count = count }

    /// What all ranks bring, in their order.
    func meet(_ rank: Int, _ value: Value) -> [Value] {
        condition.lock()
        defer { condition.unlock() }
        // Those of the meeting before must have left.
        while brought[rank] != nil { condition.wait() }
        brought[rank] = [value]
        condition.broadcast()
        while brought.count < count { condition.wait() }
        let all = (0..<count).flatMap { brought[$0] ?? [] }
        taken += 1
        if taken == count {
            (brought, taken) = ([:], 0)
            condition.broadcast()
        } else {
            while taken != 0 { condition.wait() }
        }
        return all
    }
}
