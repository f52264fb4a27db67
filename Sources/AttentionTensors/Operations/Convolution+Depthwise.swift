internal import CAttentionKernels

extension Convolution {
    /// As `addOutputs`, where each channel has one kernel and one output.
    func addDepthwiseOutputs(
        to outputs: UnsafeMutablePointer<Float>, of inputs: UnsafePointer<Float>, weight: UnsafePointer<Float>
    ) {
        let step = window.columns.stride
        Parallel.forEachChunk(of: batchCount * inputCount, grain: 1) { planes in
            for plane in planes {
                let (input, output) = (inputs + plane * window.imageArea, outputs + plane * window.placeCount)
                forEachRun(of: plane, weight) { factor, place, source, count in
                    let (out, line) = (output + place, input + source)
                    if step == 1 { return kernels.accumulate_scaled(out, line, factor, count) }
                    for index in 0..<count { out[index] += factor * line[index * step] }
                }
            }
        }
    }

    /// As `addInputs`.
    func addDepthwiseInputs(
        to inputs: UnsafeMutablePointer<Float>, of outputs: UnsafePointer<Float>, weight: UnsafePointer<Float>
    ) {
        let step = window.columns.stride
        Parallel.forEachChunk(of: batchCount * inputCount, grain: 1) { planes in
            for plane in planes {
                let (input, output) = (inputs + plane * window.imageArea, outputs + plane * window.placeCount)
                forEachRun(of: plane, weight) { factor, place, source, count in
                    let (line, values) = (input + source, output + place)
                    if step == 1 { return kernels.accumulate_scaled(line, values, factor, count) }
                    for index in 0..<count { line[index * step] += factor * values[index] }
                }
            }
        }
    }

    /// As `addWeight`.
    func addDepthwiseWeight(
        to weight: UnsafeMutablePointer<Float>, of outputs: UnsafePointer<Float>, inputs: UnsafePointer<Float>
    ) {
        let step = window.columns.stride
        Parallel.forEachChunk(of: inputCount, grain: 1) { channels in
            for channel in channels {
                for element in 0..<window.kernelArea {
                    var sum = 0.0
                    for item in 0..<batchCount {
                        let plane = item * inputCount + channel
                        window.forEachRun(of: element, within: 0..<window.placeCount) { place, source, count in
                            let values = outputs + plane * window.placeCount + place
                            let line = inputs + plane * window.imageArea + source
                            if step == 1 {
                                sum += kernels.dot(values, line, count)
                            } else {
                                for index in 0..<count { sum += Double(values[index]) * Double(line[index * step]) }
                            }
                        }
                    }
                    weight[channel * window.kernelArea + element] += Float(sum)
                }
            }
        }
    }

    /// Calls `body` with every run of a plane under every element of its kernel, and that element.
    private func forEachRun(
        of plane: Int, _ weight: UnsafePointer<Float>,
        _ body: (_ factor: Float, _ place: Int, _ source: Int, _ count: Int) -> Void
    ) {
        let kernel = weight + plane % inputCount * window.kernelArea
        for element in 0..<window.kernelArea {
            window.forEachRun(of: element, within: 0..<window.placeCount) { place, source, count in
                body(kernel[element], place, source, count)
            }
        }
    }
}
