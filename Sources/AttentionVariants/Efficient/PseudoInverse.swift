internal import AttentionTensors

/// The Moore–Penrose inverses A⁺ of square matrices [..., N, N], in double precision.
///
/// Singular values below N · 2⁻²³ of the largest count as 0. The derivative is that for a constant rank:
///
///     dA = −A⁺ᵀ G A⁺ᵀ + (I − A A⁺) Gᵀ A⁺ A⁺ᵀ + A⁺ᵀ A⁺ Gᵀ (I − A⁺ A),   G the gradient of A⁺
///
/// *Source:* Golub & Pereyra 1973, *The Differentiation of Pseudo-Inverses and Nonlinear Least Squares Problems*, eq. 4.12.
func pseudoInverse(_ matrices: Tensor) throws(ShapeError) -> Tensor {
    guard matrices.shape.rank >= 2, matrices.shape[-1] == matrices.shape[-2] else {
        throw ShapeError("pseudoInverse", expected: "square matrices [..., N, N]", found: "\(matrices.shape)")
    }
    let constant = matrices.contiguous().detached()
    return constant.mappingMatrices { $0.pseudoInverse() }.derived(from: matrices) { upstream, gradients in
        gradients.add(
            constant.mappingMatrices(with: upstream) { a, g in
                let inverse = a.pseudoInverse()
                let (p, g) = (inverse.transposed, g.transposed)
                let direct = p * g.transposed * p
                let left = (g - a * inverse * g) * inverse * p
                let right = p * inverse * (g - g * inverse * a)
                return left + right - direct
            }, to: matrices)
    }
}

/// Aᵀ / (|A|₁ |A|∞), the largest column sum times the largest row sum of non-negative matrices [..., N, N]: where the iterative inverse starts.
func scaledTranspose(_ matrices: Tensor) -> Tensor {
    let constant = matrices.contiguous().detached()
    return constant.mappingMatrices { a in a.transposed.scaled(by: 1 / (a.largestColumn.sum * a.largestRow.sum)) }
        .derived(from: matrices) { upstream, gradients in
            gradients.add(
                constant.mappingMatrices(with: upstream) { a, g in
                    let (column, row) = (a.largestColumn, a.largestRow)
                    let factor = 1 / (column.sum * row.sum)
                    var result = g.transposed.scaled(by: factor)
                    let product = zip(result.cells, a.cells).reduce(0) { $0 + $1.0 * $1.1 }
                    for index in 0..<a.size {
                        result[index, column.index] -= product / column.sum
                        result[row.index, index] -= product / row.sum
                    }
                    return result
                }, to: matrices)
        }
}

extension Tensor {
    /// A function of every matrix of the last two, equal, axes, outside the graph.
    fileprivate func mappingMatrices(_ function: (SquareMatrix) -> SquareMatrix) -> Tensor {
        mappingMatrices(with: self) { matrix, _ in function(matrix) }
    }

    /// A function of every matrix and the one of another tensor at its place.
    fileprivate func mappingMatrices(
        with other: Tensor, _ function: (SquareMatrix, SquareMatrix) -> SquareMatrix
    ) -> Tensor {
        let size = shape[-1]
        let area = size * size
        return Tensor(shape: shape) { out in
            withElements { x in
                other.withElements { y in
                    Parallel.forEachChunk(of: area == 0 ? 0 : shape.elementCount / area, grain: 1) { range in
                        for start in range.map({ $0 * area }) {
                            let result = function(SquareMatrix(x + start, size), SquareMatrix(y + start, size))
                            for (index, cell) in result.cells.enumerated() { out[start + index] = Float(cell) }
                        }
                    }
                }
            }
        }
    }
}
