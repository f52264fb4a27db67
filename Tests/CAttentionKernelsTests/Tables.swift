import CAttentionKernels
import CAttentionKernelsEmulation
import Testing

/// One table of kernels as a test argument.
struct Table: CustomTestStringConvertible, Sendable {
    nonisolated(unsafe) let pointer: UnsafePointer<attn_kernels>

    var kernels: attn_kernels { pointer.pointee }
    var name: String { String(cString: kernels.name) }
    var testDescription: String { name }

    /// Every table this CPU can run, scalar first, and the amx table's products on emulated tiles.
    static let available: [Table] = {
        let capacity = 8
        var tables = [UnsafePointer<attn_kernels>](repeating: attn_kernels_active(), count: capacity)
        let count = attn_kernels_available(&tables, capacity)
        return (tables.prefix(count) + [attn_kernels_amx_emulated()].compactMap { $0 }).map(Table.init)
    }()

    static let scalar = available[0]
}

/// Sizes around every vector width and tile height.
let oddSizes = [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 65, 100, 127, 257]
