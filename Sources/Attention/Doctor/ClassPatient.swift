import AttentionModels
import AttentionTensors

/// A model that says of which class pictures or sounds are, or what is on them, and where it looked in some of them. All of them are of one size, and each is looked at as a
/// whole: nothing comes later, nothing fills up, nothing is remembered.
struct ClassPatient: AttentionPatient {
    let parameters: [(name: String, parameter: Parameter)]
    /// [B, H, Q, K] each layer.
    let layers: [LayerAttention]

    /// The layers that look at as much as the first does.
    func samples() -> [AttentionSample] {
        guard let shape = layers.first?.weights.shape else { return [] }
        let alike = layers.filter { $0.weights.shape[2] == shape[2] && $0.weights.shape[3] == shape[3] }
        func counts(_ axis: Int) -> [Int] { [Int](repeating: shape[axis], count: shape[0]) }
        return [AttentionSample(.encoder, alike, queryCounts: counts(2), keyCounts: counts(3))]
    }

    func changeFromLater() -> Float? { nil }
    func changeFromPadding() -> Float? { nil }
    func changeFromCaching() -> Float? { nil }
}
