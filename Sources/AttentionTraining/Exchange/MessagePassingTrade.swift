internal import AttentionTensors
internal import CAttentionMessages

/// Numbers on their way by an MPI library.
///
/// The library reads what is sent and writes what comes until the trade is finished, whoever still wants it: until then the trade holds itself.
final class MessagePassingTrade: MessageTrade {
    private let library: String
    private let outgoing: Storage
    private let incoming: Storage
    private var request = attn_mpi_request()
    private var itself: MessagePassingTrade?

    /// Begins to trade these numbers.
    /// - Parameter partSize: how many bytes each rank gets of them.
    init(of numbers: [Float], partSize: Int32, library: String) throws(MessagePassingError) {
        self.library = library
        (outgoing, incoming) = (Storage(count: numbers.count), Storage(count: numbers.count))
        outgoing.elements.update(from: numbers, count: numbers.count)
        guard attn_mpi_begin_all_to_all(outgoing.elements, incoming.elements, partSize, &request) == 0 else {
            throw .failed("MPI_Ialltoall", library: library)
        }
        itself = self
    }

    func advance() throws(MessagePassingError) {
        guard attn_mpi_advance(&request) == 0 else { throw .failed("MPI_Test", library: library) }
    }

    func received() throws(MessagePassingError) -> [Float] {
        guard attn_mpi_finish(&request) == 0 else { throw .failed("MPI_Wait", library: library) }
        itself = nil
        return Array(UnsafeBufferPointer(start: incoming.elements, count: incoming.count))
    }
}
