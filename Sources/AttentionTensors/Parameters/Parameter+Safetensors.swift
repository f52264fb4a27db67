import AttentionFiles

extension SafetensorsFile {
    /// The name under which the scales of an int8 parameter lie beside it.
    static func scaleName(of name: String) -> String { name + "_scale" }

    /// A parameter whose numbers stay in the file: float32, bfloat16 and float16 as they are, int8 with the float32 scales `NAME_scale`, one
    /// for each entry of the first axis, blocks as bytes whose format is noted in the metadata under their name. Numbers of other types become
    /// float32.
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
        case .uint8 where metadata[name] != nil: return try blocks(of: entry, bytes, role: role)
        case .float64, .int64, .int32, .int16, .int8, .uint8, .boolean:
            return Parameter(try tensor(named: name), role: role)
        }
    }

    /// Rows [..., I] that lie as bytes [..., I / numbers of a block · bytes of a block].
    private func blocks(
        of entry: SafetensorsHeader.Entry, _ bytes: SharedBytes, role: Parameter.Role
    ) throws(SafetensorsError) -> Parameter {
        let name = metadata[entry.name] ?? ""
        guard let format = BlockFormat(rawValue: name) else {
            let known = BlockFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unfit(name: entry.name, source: source, expected: "blocks of \(known)", found: name)
        }
        guard entry.shape.rank >= 2, entry.shape[-1] % format.byteCount == 0 else {
            throw .unfit(
                name: entry.name, source: source,
                expected: "rows of whole blocks of \(format.byteCount) bytes, as \(name) has them",
                found: "\(entry.shape)")
        }
        let size = entry.shape[-1] / format.byteCount * format.numberCount
        let view = StoredView(
            StoredNumbers(.blocks(format), bytes), shape: Shape(entry.shape.dimensions.dropLast() + [size]))
        return Parameter(.stored(view), role: role)
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
        guard format.fits(shape) || liesWhole(as: format) else {
            return [lazyEntry(name, .float32, shape) { $0.tensor.bytes(as: .float32) }]
        }
        func numbers(_ shape: Shape, _ blocks: BlockFormat?) -> Safetensors.Entry {
            lazyEntry(name, format.elementType, shape, blocks) {
                $0.storedNumbers(as: format).bytes.withBytes(Array.init)
            }
        }
        switch format {
        case .float32, .bfloat16, .float16: return [numbers(shape, nil)]
        case .blocks(let blocks):
            return [numbers(Shape(shape.dimensions.dropLast() + [format.byteCount(of: shape[-1])]), blocks)]
        case .int8:
            let scales = Safetensors.Entry(SafetensorsFile.scaleName(of: name), .float32, [shape[0]]) {
                storedNumbers(as: format).scales.withUnsafeBytes(Array.init)
            }
            return [numbers(shape, nil), scales]
        }
    }

    /// Whether the numbers lie in this format already, all of them in their order.
    private func liesWhole(as format: Format) -> Bool {
        if case .stored(let view) = numbers { view.numbers.format == format && view.isWhole } else { false }
    }

    /// The numbers in row-major order: where they lie, if they are whole and in this format there; otherwise rounded to it.
    private func storedNumbers(as format: Format) -> StoredNumbers {
        if case .stored(let view) = numbers, view.numbers.format == format, view.isWhole { return view.numbers }
        return tensor.withElements { StoredNumbers(rounding: $0, shape, to: format) }
    }

    private func lazyEntry(
        _ name: String, _ type: ElementType, _ shape: Shape, _ blocks: BlockFormat? = nil,
        _ bytes: @escaping @Sendable (Parameter) -> [UInt8]
    ) -> Safetensors.Entry {
        Safetensors.Entry(name, type, shape, blocks: blocks) { bytes(self) }
    }
}
