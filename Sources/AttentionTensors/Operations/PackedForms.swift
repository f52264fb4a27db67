import Synchronization

/// The packed forms of a weight that is no longer learned, each made when it is first needed and kept as long as the weight.
///
/// A storage that has any never changes again: whoever wants to write makes a copy first.
struct PackedForms: ~Copyable, Sendable {
    private let exact = AtomicLazyReference<PackedOperand>()
    private let float32 = AtomicLazyReference<PackedOperand>()
    private let bfloat16 = AtomicLazyReference<PackedOperand>()
    private let int8 = AtomicLazyReference<PackedOperand>()

    var isEmpty: Bool { Precision.allCases.allSatisfy { loaded($0) == nil } }

    /// The form for this precision. Should two threads make it at once, both get that of the first.
    borrowing func form(_ precision: Precision, _ make: () -> PackedOperand) -> PackedOperand {
        if let form = loaded(precision) { return form }
        let made = make()
        return switch precision {
        case .exact: exact.storeIfNil(made)
        case .float32: float32.storeIfNil(made)
        case .bfloat16: bfloat16.storeIfNil(made)
        case .int8: int8.storeIfNil(made)
        }
    }

    private borrowing func loaded(_ precision: Precision) -> PackedOperand? {
        switch precision {
        case .exact: exact.load()
        case .float32: float32.load()
        case .bfloat16: bfloat16.load()
        case .int8: int8.load()
        }
    }
}
