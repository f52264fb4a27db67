import Attention

/// C = A B of square matrices, both new to the product; and Y = X Wᵀ for the weights of linear layers, which are packed once.
///
/// In int8, X is made of integers in each call, and W, square or not, is a weight whose integers are kept.
struct MatrixProducts: Workload {
    let name = "gemm"
    let precisions: [Precision] = [.float32, .bfloat16, .int8]
    let seconds = 1.2

    private struct Product {
        let name: String
        let rows, depth, columns: Int
        let isLinear: Bool
    }

    private static let products: [Product] =
        [256, 512, 1024, 2048].map { Product(name: "square-\($0)", rows: $0, depth: $0, columns: $0, isLinear: false) }
        + [(384, 1536), (512, 2048), (768, 3072)].flatMap { depth, columns in
            [1, 8, 128, 1024].map {
                Product(
                    name: "linear-\($0)x\(depth)x\(columns)", rows: $0, depth: depth, columns: columns, isLinear: true)
            }
        }

    var cases: [String] { Self.products.map(\.name) }

    func run(_ name: String, at pace: Pace) throws {
        for product in Self.products where product.name == name {
            let a = Tensor.normal([product.rows, product.depth], key: RandomKey(seed: 0))
            let operations = 2 * Double(product.rows * product.depth * product.columns)
            let measurement: Measurement
            if product.isLinear || Precision.current == .int8 {
                let weight = Parameter(.normal([product.columns, product.depth], key: RandomKey(seed: 1)))
                measurement = try Measurement(at: pace) { _ = try linear(a, weight: weight) }
            } else {
                let b = Tensor.normal([product.depth, product.columns], key: RandomKey(seed: 1))
                measurement = try Measurement(at: pace) { _ = try matmul(a, b) }
            }
            var line = Line(self, name)
            measurement.add(to: &line, amount: operations / 1e9, unit: "GFLOP")
            line.print()
        }
    }
}
