/// A sum of products over named axes (Einstein's convention): every axis that the result does not name is summed over.
///
/// ```swift
/// let scores = try einsum("b h q d, b h k d -> b h q k", query, keys)
/// let context = try einsum("b h q k, b h k d -> b h q d", weights, values)
/// ```
/// Names are separated by spaces and may have several letters. The same name means the same size everywhere; named twice in one operand, it
/// means the diagonal. Operands are taken in one after another; each pair becomes one matrix product, batched over the axes that both have
/// and that are still needed, or an element-wise product if nothing is summed. Views are read in place where their layout allows.
///
/// *Source:* Einstein 1916, sec. 5; the notation is that of einops (Rogozhnikov 2022).
/// - Throws: `ShapeError` if the equation cannot be read or a shape does not fit it.
public func einsum(_ equation: String, _ operands: Tensor...) throws(ShapeError) -> Tensor {
    try einsum(equation, operands)
}

/// The same for a list of operands.
/// - Throws: `ShapeError` if the equation cannot be read or a shape does not fit it.
public func einsum(_ equation: String, _ operands: [Tensor]) throws(ShapeError) -> Tensor {
    let plan = try EinsumEquation(equation, operands.map(\.shape))
    var rest = zip(operands, plan.operands).map { NamedTensor(tensor: $0, axes: $1) }
    var result = try rest.removeFirst().diagonal()
    while !rest.isEmpty {
        let next = try rest.removeFirst().diagonal()
        let needed = Set(plan.result + rest.flatMap(\.axes))
        result = try result.summed(keeping: needed.union(next.axes))
            .contracted(with: next.summed(keeping: needed.union(result.axes)), keeping: needed)
    }
    return try result.summed(keeping: Set(plan.result)).arranged(plan.result)
}

/// What an equation says, known to fit its operands.
private struct EinsumEquation {
    let operands: [[String]]
    let result: [String]

    init(_ equation: String, _ shapes: [Shape]) throws(ShapeError) {
        let sides = equation.split(separator: "->", omittingEmptySubsequences: false)
        guard sides.count == 2, equation.allSatisfy({ $0.isLetter || $0.isNumber || " _,->".contains($0) }) else {
            throw ShapeError("einsum", expected: "an equation like \"q d, k d -> q k\"", found: "\"\(equation)\"")
        }
        operands = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Self.names)
        result = Self.names(sides[1])
        guard !shapes.isEmpty, operands.count == shapes.count, operands.map(\.count) == shapes.map(\.rank) else {
            throw ShapeError("einsum", expected: "tensors of axes \(operands)", found: "\(shapes)")
        }
        var sizes: [String: Int] = [:]
        for (name, size) in zip(operands.joined(), shapes.flatMap(\.dimensions)) {
            if let known = sizes.updateValue(size, forKey: name), known != size {
                throw ShapeError("einsum", expected: "one size for the axis \(name)", found: "\(known) and \(size)")
            }
        }
        if let name = result.first(where: { sizes[$0] == nil }) {
            throw ShapeError("einsum", expected: "axes that an operand has in the result", found: name)
        }
        guard Set(result).count == result.count else {
            throw ShapeError("einsum", expected: "each axis once in the result", found: "\(result)")
        }
    }

    private static func names(_ text: Substring) -> [String] { text.split(separator: " ").map(String.init) }
}

/// A tensor whose axes have names.
private struct NamedTensor {
    let tensor: Tensor
    let axes: [String]

    private func size(_ name: String) -> Int { axes.firstIndex(of: name).map { tensor.shape[$0] } ?? 1 }

    /// Each axis named once.
    func diagonal() throws(ShapeError) -> NamedTensor {
        guard let second = axes.indices.first(where: { axes[..<$0].contains(axes[$0]) }),
            let first = axes.firstIndex(of: axes[second])
        else { return self }
        // The two axes side by side, as one of n² elements: every (n + 1)-th is on the diagonal.
        let others = axes.indices.filter { $0 != first && $0 != second }
        let count = tensor.shape[first]
        let sizes = others.map { tensor.shape[$0] }
        let flat = try tensor.permuted(others + [first, second]).reshaped(to: sizes + [count * count])
        let area = count * count
        let blocks = sizes.reduce(1, *)
        let positions = (0..<blocks).flatMap { block in (0..<count).map { block * area + $0 * (count + 1) } }
        let taken = flat.taking(positions, shape: Shape(sizes + [count]))
        return try NamedTensor(tensor: taken, axes: others.map { axes[$0] } + [axes[first]]).diagonal()
    }

    /// Summed over all axes but these.
    func summed(keeping kept: Set<String>) throws(ShapeError) -> NamedTensor {
        guard let axis = axes.lastIndex(where: { !kept.contains($0) }) else { return self }
        var names = axes
        names.remove(at: axis)
        return try NamedTensor(tensor: tensor.sum(axis: axis), axes: names).summed(keeping: kept)
    }

    /// The axes in this order; those it does not have, of size 1.
    func arranged(_ names: [String]) throws(ShapeError) -> Tensor {
        let own = names.filter(axes.contains)
        let permuted = tensor.permuted(own.compactMap(axes.firstIndex(of:)))
        return own.count == names.count ? permuted : try permuted.reshaped(to: names.map(size))
    }

    /// Σ over the axes that both have and nothing needs any more.
    func contracted(with other: NamedTensor, keeping kept: Set<String>) throws(ShapeError) -> NamedTensor {
        let shared = axes.filter(other.axes.contains)
        let (batch, summed) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
        let (rows, columns) = (axes.filter { !shared.contains($0) }, other.axes.filter { !shared.contains($0) })
        let names = batch + rows + columns
        guard !summed.isEmpty else {
            return NamedTensor(tensor: try arranged(names) * other.arranged(names), axes: names)
        }
        let products = try matmul(matrix(batch, rows, summed), other.matrix(batch, summed, columns))
        let sizes = batch.map(size) + rows.map(size) + columns.map(other.size)
        return NamedTensor(
            tensor: rows.count == 1 && columns.count == 1 ? products : try products.reshaped(to: sizes), axes: names)
    }

    /// [batch..., rows, columns], where each of the last two axes may be several in one, or none. A view if each is one.
    private func matrix(_ batch: [String], _ rows: [String], _ columns: [String]) throws(ShapeError) -> Tensor {
        let view = try arranged(batch + rows + columns)
        guard rows.count != 1 || columns.count != 1 else { return view }
        return try view.reshaped(
            to: batch.map(size) + [rows.map(size).reduce(1, *), columns.map(size).reduce(1, *)])
    }
}
