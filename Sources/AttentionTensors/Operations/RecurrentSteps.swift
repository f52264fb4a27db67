internal import CAttentionKernels

/// One step of a gated recurrent unit from its two pre-activations (Cho et al. 2014; torch's order and biases):
///
///     r = σ(i_r + h_r),  z = σ(i_z + h_z),  n = tanh(i_n + r h_n),  h' = (1 − z) n + z h
///
/// - Parameters:
///   - input: x W_iᵀ + b_i, [B, 3H] in the order reset, update, new.
///   - hidden: h W_hᵀ + b_h, [B, 3H].
///   - previous: h, [B, H].
/// - Returns: h', [B, H].
/// - Throws: `ShapeError` if the shapes do not fit.
public func gruStep(input: Tensor, hidden: Tensor, previous: Tensor) throws(ShapeError) -> Tensor {
    guard previous.shape.rank == 2, input.shape == [previous.shape[0], 3 * previous.shape[1]],
        hidden.shape == input.shape
    else {
        throw ShapeError(
            "gruStep", expected: "pre-activations [B, 3H] twice and a state [B, H]",
            found: "\(input.shape), \(hidden.shape) and \(previous.shape)")
    }
    let (batch, size) = (previous.shape[0], previous.shape[1])
    let (constantHidden, constantPrevious) = (hidden.contiguous().detached(), previous.contiguous().detached())
    let gates = Tensor(shape: input.shape) { _ in }
    let output = Tensor(shape: previous.shape) { out in
        input.withElements { input in
            constantHidden.withElements { hidden in
                constantPrevious.withElements { previous in
                    kernels.gru_forward(
                        out, gates.storage.elements, input, 3 * size, hidden, previous, batch, size)
                }
            }
        }
    }
    return output.derived(from: input, hidden, previous) { upstream, gradients in
        let dHidden = Tensor(shape: hidden.shape) { _ in }
        let dPrevious = Tensor(shape: previous.shape) { _ in }
        let dInput = Tensor(shape: input.shape) { dInput in
            constantHidden.withElements { hidden in
                constantPrevious.withElements { previous in
                    upstream.withElements { upstream in
                        kernels.gru_backward(
                            dInput, 3 * size, dHidden.storage.elements, dPrevious.storage.elements,
                            gates.storage.elements, hidden, previous, upstream, batch, size)
                    }
                }
            }
        }
        gradients.add(dInput, to: input)
        gradients.add(dHidden, to: hidden)
        gradients.add(dPrevious, to: previous)
    }
}

/// One step of a long short-term memory from its summed pre-activations (Hochreiter & Schmidhuber 1997, with forget gates; torch's order):
///
///     c' = σ(f) c + σ(i) tanh(g),  h' = σ(o) tanh(c')
///
/// - Parameters:
///   - sums: x W_iᵀ + b_i + h W_hᵀ + b_h, [B, 4H] in the order input, forget, cell, output.
///   - previousCell: c, [B, H].
/// - Returns: h' and c' stacked, [2, B, H].
/// - Throws: `ShapeError` if the shapes do not fit.
public func lstmStep(sums: Tensor, previousCell: Tensor) throws(ShapeError) -> Tensor {
    guard previousCell.shape.rank == 2, sums.shape == [previousCell.shape[0], 4 * previousCell.shape[1]] else {
        throw ShapeError(
            "lstmStep", expected: "pre-activations [B, 4H] and a cell [B, H]",
            found: "\(sums.shape) and \(previousCell.shape)")
    }
    let (batch, size) = (previousCell.shape[0], previousCell.shape[1])
    let count = batch * size
    let constantCell = previousCell.contiguous().detached()
    let gates = Tensor(shape: sums.shape) { _ in }
    let output = Tensor(shape: [2, batch, size]) { out in
        sums.withElements { sums in
            constantCell.withElements { previous in
                kernels.lstm_forward(out, out + count, gates.storage.elements, sums, previous, batch, size)
            }
        }
    }
    return output.derived(from: sums, previousCell) { upstream, gradients in
        let dCell = Tensor(shape: previousCell.shape) { _ in }
        let dSums = Tensor(shape: sums.shape) { dSums in
            output.withElements { output in
                constantCell.withElements { previous in
                    upstream.withElements { upstream in
                        kernels.lstm_backward(
                            dSums, dCell.storage.elements, gates.storage.elements, output + count, previous, upstream,
                            upstream + count, batch, size)
                    }
                }
            }
        }
        gradients.add(dSums, to: sums)
        gradients.add(dCell, to: previousCell)
    }
}
