extension Tensor {
    /// Every element as a file or an operator of this type holds it: rounded to 16 bits, or as it is. Gradients pass unchanged.
    package func rounded(to type: ElementType) -> Tensor {
        switch type {
        case .float16: mapped({ Float(Float16($0)) }, derivative: { _, _ in 1 })
        case .bfloat16: mapped(\.roundedToBFloat16, derivative: { _, _ in 1 })
        default: self
        }
    }
}
