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
    /// Of what every rank brings in as many equal parts as there are ranks, the parts for this one, in the order of ranks.
    func trade(_ numbers: [Float]) throws(MessagePassingError) -> [Float]
}
