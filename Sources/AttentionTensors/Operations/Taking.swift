extension Tensor {
    /// The elements at these row-major positions, as a tensor of `target` shape. Gradients of an element that is taken several times add up.
    package func taking(_ positions: [Int], shape target: Shape) -> Tensor {
        let output = Tensor(shape: target) { out in
            withElements { x in
                for (index, position) in positions.enumerated() { out[index] = x[position] }
            }
        }
        return output.derived(from: self) { upstream, gradients in
            gradients.accumulate(to: self) { total in
                upstream.withElements { upstream in
                    for (index, position) in positions.enumerated() { total[position] += upstream[index] }
                }
            }
        }
    }
}
