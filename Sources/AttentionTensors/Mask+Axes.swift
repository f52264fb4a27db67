extension Mask {
    /// The mask with its last two axes exchanged; a single axis counts as a row.
    package func transposed() -> Mask {
        let (rows, columns) = (shape.rank > 1 ? shape[-2] : 1, shape[-1])
        let area = rows * columns
        let blocks = area == 0 ? 0 : bytes.count / area
        return Mask(
            shape: Shape(shape.dimensions.dropLast(2) + [columns, rows]),
            bytes: (0..<blocks).flatMap { block in
                (0..<columns).flatMap { column in (0..<rows).map { bytes[block * area + $0 * columns + column] } }
            })
    }

    /// The mask of rows of `columns` entries with `count` more columns, which it admits everywhere.
    package func admittingExtraColumns(_ count: Int, after columns: Int) -> Mask {
        let filled = fillingRows(columns)
        let rows = columns == 0 ? filled.shape.dimensions.dropLast().reduce(1, *) : filled.bytes.count / columns
        let extra = [UInt8](repeating: 1, count: count)
        return Mask(
            shape: Shape(filled.shape.dimensions.dropLast() + [columns + count]),
            bytes: (0..<rows).flatMap { filled.bytes[$0 * columns..<($0 + 1) * columns] + extra })
    }
}
