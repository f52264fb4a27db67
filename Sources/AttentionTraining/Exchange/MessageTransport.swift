/// How bytes get from rank to rank. All ranks call the same functions in the same order, with as many bytes or numbers.
package protocol MessageTransport {
    /// The number of this process, from 0.
    var rank: Int { get }
    /// How many processes there are.
    var rankCount: Int { get }

    /// What every rank brings, one behind the other in their order.
    func gather(_ bytes: [UInt8]) throws(MessagePassingError) -> [UInt8]
    /// What every rank brings, one behind the other in their order.
    func gather(_ numbers: [Float]) throws(MessagePassingError) -> [Float]
    /// Begins to trade what every rank brings, in as many equal parts as there are ranks. Several trades may be under way at once, begun by all ranks in the same order.
    func trade(_ numbers: [Float]) throws(MessagePassingError) -> any MessageTrade
}

/// Numbers that are on their way between ranks while this one does something else.
package protocol MessageTrade {
    /// Lets them come nearer, and waits for nobody.
    func advance() throws(MessagePassingError)
    /// The parts for this rank, in the order of ranks; waits for them.
    func received() throws(MessagePassingError) -> [Float]
}
