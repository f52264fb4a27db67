/// In which whole numbers pixels of 8 bits are resized. Both round after either direction and differ by a level here and there.
public enum ResizingArithmetic: Sendable, Hashable {
    /// Weights of 22 bits behind the point: `PIL.Image.resize`, to the last bit.
    case pillow
    /// Weights of as many bits as the largest leaves room for in 16: `torch.nn.functional.interpolate(antialias=True)` on bytes, which
    /// torchvision's `resize` calls.
    case torch

    /// How many bits the weights get.
    func bits(for weights: ResizingWeights) -> Int {
        switch self {
        case .pillow: return 22
        case .torch:
            let largest = weights.weights.max() ?? 1
            return (0..<22).first { Int(0.5 + largest * Double(1 << ($0 + 1))) >= 1 << 15 } ?? 22
        }
    }
}
