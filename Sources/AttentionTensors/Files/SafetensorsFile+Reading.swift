internal import CAttentionKernels

extension SafetensorsFile {
    /// A tensor as float32, whatever it is stored as; integers and doubles are rounded to the nearest, truth values are 0 and 1.
    /// - Throws: `SafetensorsError.missing` if there is none of this name.
    public func tensor(named name: String) throws(SafetensorsError) -> Tensor { try tensor(of: try entry(name)) }

    /// These rows of a tensor, along its first axis, as float32; no other is read.
    /// - Throws: `SafetensorsError` if there is no tensor of this name, or it has no such rows.
    public func tensor(named name: String, rows: Range<Int>) throws(SafetensorsError) -> Tensor {
        try tensor(of: try entry(name, rows: rows))
    }

    private func tensor(of entry: SafetensorsHeader.Entry) throws(SafetensorsError) -> Tensor {
        let type = try elementType(of: entry)
        let count = entry.shape.elementCount
        return withBytes(of: entry) { bytes in
            Tensor(shape: entry.shape) { out in
                Parallel.forEachChunk(of: count, grain: 1 << 16) { range in
                    let size = type.byteCount
                    let part = bytes[range.lowerBound * size..<range.upperBound * size]
                    convert(UnsafeRawBufferPointer(rebasing: part), type, to: out + range.lowerBound)
                }
            }
        }
    }

    /// The elements of a tensor of integers, row-major.
    /// - Throws: `SafetensorsError` if there is none of this name, or its numbers are no integers.
    public func integers(named name: String) throws(SafetensorsError) -> [Int] { try integers(of: try entry(name)) }

    /// The elements of these rows of a tensor of integers, along its first axis; no other is read.
    /// - Throws: `SafetensorsError` if there is no tensor of this name, it has no such rows, or its numbers are no integers.
    public func integers(named name: String, rows: Range<Int>) throws(SafetensorsError) -> [Int] {
        try integers(of: try entry(name, rows: rows))
    }

    private func integers(of entry: SafetensorsHeader.Entry) throws(SafetensorsError) -> [Int] {
        let type = try elementType(of: entry)
        let integers: [Int]? = withBytes(of: entry) { bytes in
            switch type {
            case .int64: elements(of: bytes, as: Int64.self).map { Int($0) }
            case .int32: elements(of: bytes, as: Int32.self).map { Int($0) }
            case .int16: elements(of: bytes, as: Int16.self).map { Int($0) }
            case .int8: elements(of: bytes, as: Int8.self).map { Int($0) }
            case .uint8: elements(of: bytes, as: UInt8.self).map { Int($0) }
            case .float64, .float32, .float16, .bfloat16, .boolean: nil
            }
        }
        guard let integers else { throw unfit(entry, expected: "integers") }
        return integers
    }

    /// A tensor of truth values.
    /// - Throws: `SafetensorsError` if there is none of this name, or its elements are not all truth values.
    public func booleans(named name: String) throws(SafetensorsError) -> Mask {
        let entry = try entry(name)
        guard entry.elementType == .boolean else { throw unfit(entry, expected: "truth values") }
        let bytes = withBytes(of: entry) { Array($0) }
        if let other = bytes.first(where: { $0 > 1 }) {
            throw .unfit(name: name, source: source, expected: "bytes that are 0 or 1", found: "\(other)")
        }
        return Mask(shape: entry.shape, bytes: bytes)
    }

    /// Some rows of a tensor as if they were all of it.
    private func entry(_ name: String, rows: Range<Int>) throws(SafetensorsError) -> SafetensorsHeader.Entry {
        let whole = try entry(name)
        let rowSize = whole.shape.dimensions.dropFirst().reduce(1, *) * (try elementType(of: whole)).byteCount
        guard let count = whole.shape.dimensions.first, rows.lowerBound >= 0, rows.upperBound <= count,
            let part = SafetensorsHeader.Entry(
                name: name, typeName: whole.typeName, sizes: [rows.count] + whole.shape.dimensions.dropFirst(),
                range: whole.range.lowerBound + rows.lowerBound * rowSize..<whole.range.lowerBound
                    + rows.upperBound * rowSize)
        else {
            throw .unfit(name: name, source: source, expected: "rows up to \(rows.upperBound)", found: "\(whole.shape)")
        }
        return part
    }

    private func unfit(_ entry: SafetensorsHeader.Entry, expected: String) -> SafetensorsError {
        .unfit(name: entry.name, source: source, expected: expected, found: entry.typeName)
    }
}

/// The numbers in these bytes, which need not be aligned.
private func elements<Element: BitwiseCopyable>(of bytes: UnsafeRawBufferPointer, as type: Element.Type) -> [Element] {
    guard !bytes.isEmpty else { return [] }
    return [Element](unsafeUninitializedCapacity: bytes.count / MemoryLayout<Element>.stride) { buffer, count in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        count = buffer.count
    }
}

/// Writes the numbers in these bytes as float32.
private func convert(_ bytes: UnsafeRawBufferPointer, _ type: ElementType, to out: UnsafeMutablePointer<Float>) {
    func widen<Element: BitwiseCopyable>(_: Element.Type, _ value: (Element) -> Float) {
        for (index, element) in elements(of: bytes, as: Element.self).enumerated() { out[index] = value(element) }
    }
    func widen(_ kernel: (UnsafeMutablePointer<Float>, UnsafePointer<UInt16>, Int) -> Void) {
        elements(of: bytes, as: UInt16.self).withUnsafeBufferPointer { halves in
            if let start = halves.baseAddress { kernel(out, start, halves.count) }
        }
    }
    switch type {
    case .float32: UnsafeMutableRawBufferPointer(start: out, count: bytes.count).copyMemory(from: bytes)
    case .bfloat16: widen(kernels.float_from_bfloat16)
    case .float16: widen(kernels.float_from_float16)
    case .float64: widen(Double.self) { Float($0) }
    case .int64: widen(Int64.self) { Float($0) }
    case .int32: widen(Int32.self) { Float($0) }
    case .int16: widen(Int16.self) { Float($0) }
    case .int8: widen(Int8.self) { Float($0) }
    case .uint8, .boolean: widen(UInt8.self) { Float($0) }
    }
}
