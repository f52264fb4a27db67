/// The samples of one component, in lines of `stride` bytes, of which the first `width` count.
struct JPEGPlane {
    let width: Int
    let height: Int
    let stride: Int
    let samples: [UInt8]

    /// The samples that a component's coefficients stand for.
    init(_ component: JPEGFrame.Component, _ coefficients: [Int16], _ steps: [UInt16]) {
        (width, height) = (component.width, component.height)
        let (stride, rows) = (8 * component.columns, component.rows)
        self.stride = stride
        let (steps, size) = (steps.map { Int32($0) }, stride * 8 * rows)
        samples = [UInt8](unsafeUninitializedCapacity: size) { output, written in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 64) { work in
                coefficients.withUnsafeBufferPointer { coefficients in
                    steps.withUnsafeBufferPointer { steps in
                        for row in 0..<rows {
                            for column in 0..<component.columns {
                                let place = component.offset + 64 * (row * component.storedColumns + column)
                                let start = row * 8 * stride + column * 8
                                JPEGTransform.inverse(
                                    UnsafeBufferPointer(rebasing: coefficients[place..<place + 64]), steps, work,
                                    to: UnsafeMutableBufferPointer(rebasing: output[start...]), stride: stride)
                            }
                        }
                    }
                }
            }
            written = size
        }
    }

    init(width: Int, height: Int, samples: [UInt8]) {
        (self.width, self.height, self.samples, stride) = (width, height, samples, width)
    }

    /// One line; above the first and below the last they repeat.
    @inline(__always)
    func line(_ row: Int, in samples: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let start = min(max(row, 0), height - 1) * stride
        return UnsafeBufferPointer(rebasing: samples[start..<start + width])
    }
}
