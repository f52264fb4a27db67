extension DigitCollection {
    /// Ten digits, each a bright square in the middle of its frame, as light as its number says: to try scenes without a file.
    package static let squares = DigitCollection(
        images: (0..<10).map { digit in
            (0..<side * side).map { place in
                8..<20 ~= place / side && 8..<20 ~= place % side ? UInt8(100 + 10 * digit) : 0
            }
        }, labels: Array(0..<10))
}
