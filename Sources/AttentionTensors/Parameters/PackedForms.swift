internal import CAttentionKernels
internal import Glibc

/// What products laid out of one block of numbers: a form for each way of reading them as a matrix and each precision, made once, when it
/// is first needed, however many threads ask.
///
/// `@unchecked Sendable` is sound here: the list is touched only while the lock is held. (It is the system's lock rather than Swift's
/// `Mutex`, since thread sanitizers know it.) Making a form under the lock cannot wait for itself: packing asks for no other form, and a
/// thread that finds the team busy packs alone.
final class PackedForms: @unchecked Sendable {
    private var forms: [(layout: MatrixLayout, form: PackedOperand)] = []
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() { pthread_mutex_init(lock, nil) }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// The form of this layout and precision.
    func form(_ layout: MatrixLayout, _ precision: Precision, _ make: () -> PackedOperand) -> PackedOperand {
        locked { forms in
            if let kept = forms.first(where: { $0.layout == layout && $0.form.precision == precision }) {
                return kept.form
            }
            let made = make()
            forms.append((layout, made))
            return made
        }
    }

    var isEmpty: Bool { locked { $0.isEmpty } }

    /// The bytes of all forms.
    var byteCount: Int { locked { $0.reduce(0) { $0 + $1.form.byteCount } } }

    private func locked<Result>(_ body: (inout [(layout: MatrixLayout, form: PackedOperand)]) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body(&forms)
    }
}

/// How a right operand is read out of a block of numbers: two views of one block differ in this unless they are the same matrix.
struct MatrixLayout: Hashable, Sendable {
    let depth: Int
    let columns: Int
    let rowStride: Int
    let columnStride: Int
    /// Of the first element, from the first number of the block.
    let offset: Int
}
