extension Tensor {
    /// Every element as a file or an operator of this type holds it: rounded to 16 bits, or as it is. Gradients pass unchanged, as if
    /// nothing had been rounded.
    package func roundedStraightThrough(to type: ElementType) -> Tensor {
        switch type {
        case .float16: mapped({ Float(Float16($0)) }, derivative: { _, _ in 1 })
        case .bfloat16: mapped(\.roundedToBFloat16, derivative: { _, _ in 1 })
        default: self
        }
    }
}

extension Float {
    /// The nearest number with 8 significant bits, of two equally near ones the even one; infinities and NaN as they are.
    package var roundedToBFloat16: Float {
        guard isFinite else { return self }
        let bits = bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }
}
