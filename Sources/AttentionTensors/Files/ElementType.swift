/// How the numbers of a stored tensor are written, by their names in safetensors files.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    /// IEEE double precision.
    case float64 = "F64"
    /// IEEE single precision.
    case float32 = "F32"
    /// IEEE half precision.
    case float16 = "F16"
    /// The upper half of single precision.
    case bfloat16 = "BF16"
    /// Signed integers of 64 bits.
    case int64 = "I64"
    /// Signed integers of 32 bits.
    case int32 = "I32"
    /// Signed integers of 16 bits.
    case int16 = "I16"
    /// Signed integers of 8 bits.
    case int8 = "I8"
    /// Unsigned integers of 8 bits.
    case uint8 = "U8"
    /// A byte that is 0 or 1.
    case boolean = "BOOL"

    /// The bytes one element takes.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .boolean: 1
        }
    }
}
