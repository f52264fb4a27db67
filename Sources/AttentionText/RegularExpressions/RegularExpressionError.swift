/// Why a pattern cannot be used.
struct RegularExpressionError: Error, Equatable {
    /// The number of scalars before the place.
    let position: Int
    /// What stands there.
    let reason: String
}
