import AttentionFiles

extension SafetensorsFile {
    /// The name under which the scales of an int8 parameter lie beside it.
    static func scaleName(of name: String) -> String { name + "_scale" }

    /// A parameter whose numbers stay in the file: float32, bfloat16 and float16 as they are, int8 with the float32 scales `NAME_scale`, one
    /// for each entry of the first axis. Numbers of other types become float32.
    /// - Throws: `SafetensorsError` if there is none of this name, or the scales are not as many.
    public func parameter(
        named name: String, role: Parameter.Role = .trained
    ) throws(SafetensorsError) -> Parameter {
        let entry = try entry(name)
        let bytes = sharedBytes(of: entry)
        guard bytes.count > 0 else { return Parameter(try tensor(named: name), role: role) }
        let type = try elementType(of: entry)
        switch type {
        case .float32:
            let storage = Storage(lentBy: bytes.aligned(to: MemoryLayout<Float>.alignment))
            let tensor = Tensor(
                shape: entry.shape, strides: entry.shape.contiguousStrides, offset: 0, storage: storage)
            return Parameter(tensor, role: role)
        case .bfloat16, .float16:
            let numbers = StoredNumbers(type == .float16 ? .float16 : .bfloat16, bytes)
            return Parameter(.stored(StoredView(numbers, shape: entry.shape)), role: role)
        case .int8 where entry.shape.rank >= 2 && contains(Self.scaleName(of: name)):
            let numbers = StoredNumbers(
                .int8, bytes, scales: try scales(of: entry), rowSize: bytes.count / entry.shape[0])
            return Parameter(.stored(StoredView(numbers, shape: entry.shape)), role: role)
        case .float64, .int64, .int32, .int16, .int8, .uint8, .boolean:
            return Parameter(try tensor(named: name), role: role)
        }
    }

    private func scales(of entry: SafetensorsHeader.Entry) throws(SafetensorsError) -> [Float] {
        let name = Self.scaleName(of: entry.name)
        let scales = try tensor(named: name).values
        guard scales.count == entry.shape[0] else {
            throw .unfit(
                name: name, source: source, expected: "\(entry.shape[0]) scales, one for each row of \(entry.name)",
                found: "\(scales.count)")
        }
        return scales
    }
}

extension Parameter {
    /// What a file holds of it: its numbers and, of int8, their scales. Bytes are made when they are written.
    func entries(_ name: String, as wanted: Format? = nil) -> [Safetensors.Entry] {
        let format = wanted ?? self.format
        guard format.fits(shape) else { return [lazyEntry(name, .float32) { $0.tensor.bytes(as: .float32) }] }
        let numbers = lazyEntry(name, format.elementType) { $0.storedNumbers(as: format).bytes.withBytes(Array.init) }
        guard format == .int8 else { return [numbers] }
        let scales = Safetensors.Entry(SafetensorsFile.scaleName(of: name), .float32, [shape[0]]) {
            storedNumbers(as: format).scales.withUnsafeBytes(Array.init)
        }
        return [numbers, scales]
    }

    /// The numbers in row-major order: where they lie, if they are whole and in this format there; otherwise rounded to it.
    private func storedNumbers(as format: Format) -> StoredNumbers {
        if case .stored(let view) = numbers, view.numbers.format == format, view.isWhole { return view.numbers }
        return tensor.withElements { StoredNumbers(rounding: $0, shape, to: format) }
    }

    private func lazyEntry(
        _ name: String, _ type: ElementType, _ bytes: @escaping @Sendable (Parameter) -> [UInt8]
    ) -> Safetensors.Entry {
        Safetensors.Entry(name, type, shape) { bytes(self) }
    }
}
