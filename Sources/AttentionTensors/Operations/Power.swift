internal import Glibc

extension Tensor {
    /// xᵖ, with dx = p xᵖ⁻¹ dy; x⁰ is 1 everywhere, with derivative 0. NaN for a negative x and a p that is no integer.
    public func power(_ exponent: Float) -> Tensor {
        mapped({ raised($0, exponent) }, derivative: { x, _ in slope(x, exponent) })
    }

    /// xʸ for every pair of elements; shapes as for `+`.
    ///
    /// dx = y xʸ⁻¹ dz and dy = xʸ ln x dz, which is 0 at x = 0 for y ≥ 0.
    /// - Precondition: the shapes fit.
    public func power(_ exponents: Tensor) -> Tensor {
        Tensor.combined(
            "power", self, exponents,
            PairFunction(
                { raised($0, $1) }, { slope($0, $1) },
                { x, y in x == 0 && y >= 0 ? 0 : Float(pow(Double(x), Double(y)) * log(Double(x))) }))
    }
}

private func raised(_ x: Float, _ y: Float) -> Float { Float(pow(Double(x), Double(y))) }

/// ∂xʸ/∂x.
private func slope(_ x: Float, _ y: Float) -> Float {
    y == 0 ? 0 : Float(Double(y) * pow(Double(x), Double(y) - 1))
}
