extension Tensor {
    /// [N, C]: in row n, 1 at the class of item n and 0 elsewhere; a row of zeros for nil.
    /// - Throws: `ShapeError` naming the first that is not a class.
    public static func oneHot(_ classes: [Int?], classCount: Int) throws(ShapeError) -> Tensor {
        if let outside = classes.compactMap(\.self).first(where: { $0 < 0 || $0 >= classCount }) {
            throw ShapeError("oneHot", expected: "classes of 0 ..< \(classCount)", found: "\(outside)")
        }
        let shape = try Shape([classes.count, max(0, classCount)]).checked(for: "oneHot")
        let result = Tensor.zeros(shape)
        for (row, index) in classes.enumerated() {
            if let index { result.storage.elements[row * classCount + index] = 1 }
        }
        return result
    }
}
