import AttentionFiles
import AttentionTensors
import Testing

@Suite struct MaskAxesTests {
    @Test func transposing() throws {
        let mask = try Mask([true, false, true, true, true, false], shape: [1, 2, 3])
        let turned = mask.transposed()
        #expect(turned.shape == [1, 3, 2])
        for row in 0..<2 { for column in 0..<3 { #expect(turned[0, column, row] == mask[0, row, column]) } }
        #expect(turned.transposed() == mask)
    }

    @Test func aRowBecomesAColumn() throws {
        #expect(try Mask([true, false], shape: [2]).transposed() == Mask([true, false], shape: [2, 1]))
    }

    @Test func anExtraColumnIsAdmitted() throws {
        let mask = try Mask([true, false, false, true], shape: [2, 2])
        #expect(
            try mask.admittingExtraColumns(1, after: 2) == Mask([true, false, true, false, true, true], shape: [2, 3]))
        #expect(
            try Mask([false, true], shape: [2, 1]).admittingExtraColumns(1, after: 2)
                == Mask([false, false, true, true, true, true], shape: [2, 3]))
    }
}
