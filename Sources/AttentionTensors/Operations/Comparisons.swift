/// A comparison of two tensors is a mask over their common shape: *true* where it holds. Shapes are aligned at their last axes and axes of size 1
/// are repeated, as for `+`. NaN is less than, equal to and greater than nothing. A mask has no gradient: it says where, and not how much.
extension Tensor {
    /// Where the left element is less.
    public static func .< (left: Tensor, right: Tensor) -> Mask { compared(".<", left, right, <) }

    /// Where the left element is less or equal.
    public static func .<= (left: Tensor, right: Tensor) -> Mask { compared(".<=", left, right, <=) }

    /// Where the left element is greater.
    public static func .> (left: Tensor, right: Tensor) -> Mask { compared(".>", left, right, >) }

    /// Where the left element is greater or equal.
    public static func .>= (left: Tensor, right: Tensor) -> Mask { compared(".>=", left, right, >=) }

    /// Where the elements are equal.
    public static func .== (left: Tensor, right: Tensor) -> Mask { compared(".==", left, right, ==) }

    /// Where the elements are not equal.
    public static func .!= (left: Tensor, right: Tensor) -> Mask { compared(".!=", left, right, !=) }

    /// Where the element is less than a number.
    public static func .< (x: Tensor, bound: Float) -> Mask { x .< Tensor(bound) }

    /// Where the element is at most a number.
    public static func .<= (x: Tensor, bound: Float) -> Mask { x .<= Tensor(bound) }

    /// Where the element is greater than a number.
    public static func .> (x: Tensor, bound: Float) -> Mask { x .> Tensor(bound) }

    /// Where the element is at least a number.
    public static func .>= (x: Tensor, bound: Float) -> Mask { x .>= Tensor(bound) }

    /// Where the element is a number.
    public static func .== (x: Tensor, value: Float) -> Mask { x .== Tensor(value) }

    /// Where the element is not a number.
    public static func .!= (x: Tensor, value: Float) -> Mask { x .!= Tensor(value) }

    private static func compared(
        _ operation: String, _ left: Tensor, _ right: Tensor, _ holds: (Float, Float) -> Bool
    ) -> Mask {
        let (x, y) = matched(operation, left, right)
        let bytes = x.withElements { left in
            y.withElements { right in
                (0..<x.shape.elementCount).map { holds(left[$0], right[$0]) ? UInt8(1) : 0 }
            }
        }
        return Mask(shape: x.shape, bytes: bytes)
    }
}
