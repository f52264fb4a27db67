internal import AttentionTensors

/// Gradients one behind the other, by name; zeros where there are none.
struct FlatGradients {
    var numbers: [Float]
    private let shapes: [(name: String, sizes: [Int])]

    init(_ gradients: ParameterGradients, shapes: [String: [Int]]) {
        self.shapes = shapes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        numbers = self.shapes.flatMap { name, sizes in
            gradients[name]?.values ?? [Float](repeating: 0, count: sizes.reduce(1, *))
        }
    }

    var gradients: ParameterGradients {
        var gradients = ParameterGradients()
        var start = 0
        for (name, sizes) in shapes {
            let end = start + sizes.reduce(1, *)
            gradients[name] = Tensor(shape: Shape(sizes)) { out in
                numbers[start..<end].withUnsafeBufferPointer { numbers in
                    guard let first = numbers.baseAddress else { return }
                    out.update(from: first, count: numbers.count)
                }
            }
            start = end
        }
        return gradients
    }
}
