/// Lines are stored as differences from what is left and above (section 9).
enum PNGFilter {
    /// Puts the samples in the place of the differences.
    static func undo(in lines: inout [UInt8], _ pass: PNGLayout.Pass, _ pixelBits: Int) throws(SignalError) {
        // The byte to the left is that of the pixel before, or the very last one.
        let distance = max(1, pixelBits / 8)
        let above = [UInt8](repeating: 0, count: pass.lineSize)
        let refused: UInt8? = lines.withUnsafeMutableBufferPointer { lines in
            above.withUnsafeBufferPointer { zeros in
                var above = zeros
                for row in 0..<pass.height {
                    let start = pass.start + row * (pass.lineSize + 1)
                    let line = UnsafeMutableBufferPointer(rebasing: lines[start + 1..<start + 1 + pass.lineSize])
                    guard undo(lines[start], line, above, distance) else { return lines[start] }
                    above = UnsafeBufferPointer(line)
                }
                return nil
            }
        }
        if let refused {
            throw .malformed(operation: "png", expected: "filters 0 to 4 of lines", found: "\(refused)")
        }
    }

    private static func undo(
        _ filter: UInt8, _ line: UnsafeMutableBufferPointer<UInt8>, _ above: UnsafeBufferPointer<UInt8>, _ distance: Int
    ) -> Bool {
        switch filter {
        case 0: break
        case 1: for index in distance..<max(distance, line.count) { line[index] &+= line[index - distance] }
        case 2: for index in line.indices { line[index] &+= above[index] }
        case 3:
            for index in line.indices {
                let left = index < distance ? 0 : UInt16(line[index - distance])
                line[index] &+= UInt8((left + UInt16(above[index])) / 2)
            }
        case 4:
            for index in line.indices {
                let left = index < distance ? 0 : Int16(line[index - distance])
                let corner = index < distance ? 0 : Int16(above[index - distance])
                line[index] &+= UInt8(nearest(left, Int16(above[index]), corner))
            }
        default: return false
        }
        return true
    }

    /// Which of the three is nearest to left + above − corner; Paeth's.
    @inline(__always)
    static func nearest(_ left: Int16, _ above: Int16, _ corner: Int16) -> Int16 {
        let (toLeft, toAbove) = (abs(above - corner), abs(left - corner))
        let toCorner = abs(left + above - 2 * corner)
        if toLeft <= toAbove, toLeft <= toCorner { return left }
        return toAbove <= toCorner ? above : corner
    }
}
