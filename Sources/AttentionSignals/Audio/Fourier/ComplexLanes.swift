/// Two complex numbers beside each other, computed with at once.
struct ComplexLanes {
    var real: SIMD2<Double>
    var imaginary: SIMD2<Double>

    static let zero = ComplexLanes(real: .zero, imaginary: .zero)

    @inline(__always)
    static func + (first: Self, second: Self) -> Self {
        ComplexLanes(real: first.real + second.real, imaginary: first.imaginary + second.imaginary)
    }

    @inline(__always)
    static func - (first: Self, second: Self) -> Self {
        ComplexLanes(real: first.real - second.real, imaginary: first.imaginary - second.imaginary)
    }

    @inline(__always)
    static func * (first: Self, factor: Double) -> Self {
        ComplexLanes(real: first.real * factor, imaginary: first.imaginary * factor)
    }

    @inline(__always)
    static func * (first: Self, root: Root) -> Self {
        ComplexLanes(
            real: first.real * root.real - first.imaginary * root.imaginary,
            imaginary: first.real * root.imaginary + first.imaginary * root.real)
    }

    /// Divided by i: a quarter turn back.
    @inline(__always) var quarterBack: Self { ComplexLanes(real: imaginary, imaginary: -real) }
}

/// One complex number, of absolute value 1: what lanes are turned by.
struct Root {
    var real: Double
    var imaginary: Double

    var conjugate: Root { Root(real: real, imaginary: -imaginary) }
}
