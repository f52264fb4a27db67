extension Tensor {
    /// y_i = x_0 + … + x_i along an axis, summed in double precision. dx_i = dy_i + … + dy_n.
    /// - Throws: `ShapeError` if there is no such axis.
    public func cumulativeSum(axis: Int = -1) throws(ShapeError) -> Tensor {
        let layout = try AxisLayout(shape, axis: axis, in: "cumulativeSum")
        return summedUp(layout, from: 0, by: 1).derived(from: self) { upstream, gradients in
            gradients.add(upstream.summedUp(layout, from: layout.count - 1, by: -1), to: self)
        }
    }

    /// y_i = x_0 · … · x_i along an axis, in double precision. dx_i = Σ_{j ≥ i} dy_j Π_{k ≤ j, k ≠ i} x_k, right also where factors are 0.
    /// - Throws: `ShapeError` if there is no such axis.
    /// - Complexity: O(n) for an axis of n elements.
    public func cumulativeProduct(axis: Int = -1) throws(ShapeError) -> Tensor {
        let layout = try AxisLayout(shape, axis: axis, in: "cumulativeProduct")
        let x = contiguous().detached()
        let output = x.scanned(layout) { line in
            var product = 1.0
            for index in line.indices {
                product *= line[index]
                line[index] = product
            }
        }
        return output.derived(from: self) { upstream, gradients in
            gradients.add(
                x.scanned(layout, upstream) { line, upstream in
                    line = ProductSlopes(of: line, upstream: upstream).values
                }, to: self)
        }
    }

    /// y_i = max(x_0, …, x_i) along an axis. The gradient goes to the first of the largest; NaN wins.
    /// - Throws: `ShapeError` if there is no such axis.
    public func cumulativeMaximum(axis: Int = -1) throws(ShapeError) -> Tensor {
        let layout = try AxisLayout(shape, axis: axis, in: "cumulativeMaximum")
        let x = contiguous().detached()
        let output = x.scanned(layout) { line in
            for (index, leader) in leaders(of: line).enumerated() { line[index] = leader.value }
        }
        return output.derived(from: self) { upstream, gradients in
            gradients.add(
                x.scanned(layout, upstream) { line, upstream in
                    let leaders = leaders(of: line)
                    line = [Double](repeating: 0, count: line.count)
                    for (leader, gradient) in zip(leaders, upstream) { line[leader.place] += gradient }
                }, to: self)
        }
    }

    private func summedUp(_ layout: AxisLayout, from first: Int, by direction: Int) -> Tensor {
        scanned(layout) { line in
            var (index, sum) = (first, 0.0)
            for _ in 0..<line.count {
                sum += line[index]
                line[index] = sum
                index += direction
            }
        }
    }

    /// Every line along an axis replaced by what `change` makes of it. Not part of the graph.
    private func scanned(_ layout: AxisLayout, _ change: (inout [Double]) -> Void) -> Tensor {
        scanned(layout, self) { line, _ in change(&line) }
    }

    /// The same with the line of another tensor at hand.
    private func scanned(
        _ layout: AxisLayout, _ other: Tensor, _ change: (inout [Double], _ other: [Double]) -> Void
    ) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                other.withElements { y in
                    layout.forEachLine { start, step in
                        var line = (0..<layout.count).map { Double(x[start + $0 * step]) }
                        change(&line, (0..<layout.count).map { Double(y[start + $0 * step]) })
                        for (index, value) in line.enumerated() { out[start + index * step] = Float(value) }
                    }
                }
            }
        }
    }
}

/// For every place, where the largest element so far stands.
private func leaders(of line: [Double]) -> [(place: Int, value: Double)] {
    var leader = 0
    return line.indices.map { index in
        if line[index] > line[leader] || (line[index].isNaN && !line[leader].isNaN) { leader = index }
        return (leader, line[leader])
    }
}

/// The derivative of Σ_j g_j x_0 · … · x_j by each factor.
private struct ProductSlopes {
    let values: [Double]

    /// By d_i = P_i S_i with P_i = x_0 · … · x_{i−1} and S_i = g_i + x_{i+1} S_{i+1}: no factor is divided by, so none must differ from 0.
    init(of factors: [Double], upstream: [Double]) {
        var sums = upstream
        for index in factors.indices.dropLast().reversed() {
            sums[index] += factors[index + 1] * sums[index + 1]
        }
        var product = 1.0
        for index in factors.indices {
            sums[index] *= product
            product *= factors[index]
        }
        values = sums
    }
}
