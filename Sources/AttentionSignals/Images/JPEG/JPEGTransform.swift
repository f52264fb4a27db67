/// The inverse cosine transform of 8 by 8 coefficients in whole numbers: columns first, with 2 bits more than samples have, then rows.
///
/// libjpeg's accurate one ("islow"), to the last bit. Numbers that damaged files make too large wrap around.
///
/// Source: Loeffler, Ligtenberg & Moschytz, *Practical fast 1-D DCT algorithms with 11 multiplications* (1989), figure 1 read backwards;
/// constants are multiplied with 2¹³.
enum JPEGTransform {
    private static let (bits, extraBits): (Int32, Int32) = (13, 2)

    /// The samples of a block, written to 8 rows that are `stride` apart.
    static func inverse(
        _ block: UnsafeBufferPointer<Int16>, _ steps: UnsafeBufferPointer<Int32>,
        _ work: UnsafeMutableBufferPointer<Int32>, to output: UnsafeMutableBufferPointer<UInt8>, stride: Int
    ) {
        for column in 0..<8 { transformColumn(column, block, steps, work) }
        for row in 0..<8 {
            let values = eight(
                work[8 * row], work[8 * row + 1], work[8 * row + 2], work[8 * row + 3], work[8 * row + 4],
                work[8 * row + 5], work[8 * row + 6], work[8 * row + 7], shift: bits + extraBits + 3)
            for index in 0..<8 {
                output[row * stride + index] = UInt8(truncatingIfNeeded: min(max(values[index] &+ 128, 0), 255))
            }
        }
    }

    @inline(__always)
    private static func transformColumn(
        _ column: Int, _ block: UnsafeBufferPointer<Int16>, _ steps: UnsafeBufferPointer<Int32>,
        _ work: UnsafeMutableBufferPointer<Int32>
    ) {
        func value(_ row: Int) -> Int32 { Int32(block[8 * row + column]) &* steps[8 * row + column] }
        let rest =
            block[8 + column] | block[16 + column] | block[24 + column] | block[32 + column] | block[40 + column]
            | block[48 + column] | block[56 + column]
        if rest == 0 {
            let flat = value(0) &<< extraBits
            for row in 0..<8 { work[8 * row + column] = flat }
            return
        }
        let values = eight(
            value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7), shift: bits - extraBits)
        for row in 0..<8 { work[8 * row + column] = values[row] }
    }

    /// One transform of eight numbers, shifted right with rounding.
    @inline(__always)
    private static func eight(
        _ c0: Int32, _ c1: Int32, _ c2: Int32, _ c3: Int32, _ c4: Int32, _ c5: Int32, _ c6: Int32, _ c7: Int32,
        shift: Int32
    ) -> SIMD8<Int32> {
        let turned = (c2 &+ c6) &* 4433  // 0.541196100
        let (even2, even3) = (turned &- c6 &* 15137, turned &+ c2 &* 6270)  // 1.847759065, 0.765366865
        let (even0, even1) = ((c0 &+ c4) &<< bits, (c0 &- c4) &<< bits)
        let (sum0, sum3) = (even0 &+ even3, even0 &- even3)
        let (sum1, sum2) = (even1 &+ even2, even1 &- even2)

        let both = (c7 &+ c3 &+ c5 &+ c1) &* 9633  // 1.175875602
        let (first, second) = ((c7 &+ c1) &* -7373, (c5 &+ c3) &* -20995)  // 0.899976223, 2.562915447
        let third = both &- (c7 &+ c3) &* 16069  // 1.961570560
        let fourth = both &- (c5 &+ c1) &* 3196  // 0.390180644
        let odd0 = c7 &* 2446 &+ first &+ third  // 0.298631336
        let odd1 = c5 &* 16819 &+ second &+ fourth  // 2.053119869
        let odd2 = c3 &* 25172 &+ second &+ third  // 3.072711026
        let odd3 = c1 &* 12299 &+ first &+ fourth  // 1.501321110

        let half = Int32(1) &<< (shift - 1)
        return SIMD8(
            (sum0 &+ odd3 &+ half) &>> shift, (sum1 &+ odd2 &+ half) &>> shift, (sum2 &+ odd1 &+ half) &>> shift,
            (sum3 &+ odd0 &+ half) &>> shift, (sum3 &- odd0 &+ half) &>> shift, (sum2 &- odd1 &+ half) &>> shift,
            (sum1 &- odd2 &+ half) &>> shift, (sum0 &- odd3 &+ half) &>> shift)
    }
}
