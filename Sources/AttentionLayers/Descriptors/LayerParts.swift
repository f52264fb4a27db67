public import AttentionMechanisms

/// The mechanisms of this room, one line each.
public enum LayerParts {
    public static let mechanisms: [MechanismDescriptor] = [
        MultiHeadAttention.descriptor,
        MultiHeadAttention.projected,
        TransformerEncoderLayer.descriptor,
        TransformerDecoderLayer.descriptor,
        SinusoidalPositions.descriptor,
        AttentionalVector.descriptor,
        AttendingRecurrence.descriptor,
        QueryPooling.descriptor,
        SqueezeExcitation.descriptor,
        ConvolutionalBlockAttention.descriptor,
    ]
}
