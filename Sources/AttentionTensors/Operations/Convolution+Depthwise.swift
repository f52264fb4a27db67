internal import CAttentionKernels

extension Convolution {
    /// As `addOutputs`, where each channel has one kernel and one output.
    func addDepthwiseOutputs(
        to outputs: UnsafeMutablePointer<Float>, of inputs: UnsafePointer<Float>, weight: UnsafePointer<Float>
    ) {
        forEachPlane { plane, kernel, rows, columns in
            kernels.depthwise_convolution(
                outputs + plane * window.placeCount, inputs + plane * window.imageArea, weight + kernel, 1, rows,
                columns)
        }
    }

    /// As `addInputs`.
    func addDepthwiseInputs(
        to inputs: UnsafeMutablePointer<Float>, of outputs: UnsafePointer<Float>, weight: UnsafePointer<Float>
    ) {
        forEachPlane { plane, kernel, rows, columns in
            kernels.depthwise_input_backward(
                inputs + plane * window.imageArea, outputs + plane * window.placeCount, weight + kernel, 1, rows,
                columns)
        }
    }

    /// As `addWeight`. The sums over pictures are in double precision.
    func addDepthwiseWeight(
        to weight: UnsafeMutablePointer<Float>, of outputs: UnsafePointer<Float>, inputs: UnsafePointer<Float>
    ) {
        Parallel.forEachChunk(of: inputCount, grain: 1) { channels in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: window.kernelArea) { sums in
                guard let start = sums.baseAddress else { return }
                for channel in channels {
                    sums.initialize(repeating: 0)
                    window.withAxes { rows, columns in
                        for item in 0..<batchCount {
                            let plane = item * inputCount + channel
                            kernels.depthwise_weight_backward(
                                start, outputs + plane * window.placeCount, inputs + plane * window.imageArea, rows,
                                columns)
                        }
                    }
                    let kernel = weight + channel * window.kernelArea
                    for element in sums.indices { kernel[element] += Float(sums[element]) }
                }
            }
        }
    }

    /// Calls `body` with every plane, where its kernel begins among the weights, and the axes, on the team.
    private func forEachPlane(
        _ body: (
            _ plane: Int, _ kernel: Int, _ rows: UnsafePointer<attn_window_axis>,
            _ columns: UnsafePointer<attn_window_axis>
        ) -> Void
    ) {
        Parallel.forEachChunk(of: batchCount * inputCount, grain: 1) { planes in
            window.withAxes { rows, columns in
                for plane in planes { body(plane, plane % inputCount * window.kernelArea, rows, columns) }
            }
        }
    }
}
