import AttentionTensors

extension RotaryFrequencies {
    /// What there is to know of scaled frequencies, by themselves: `inverse_frequencies` and `multiplier`; or attention with them, if there is no
    /// `rotary_dim`.
    public static let scaled = MechanismDescriptor(
        "rope_scaling", "RoPE beyond the trained length", .modifier,
        formula: "linear f/s; dynamic NTK base'; Llama 3 and YaRN: f and f/s mixed by wavelength",
        cost: "O((Q + K)D)", use: "A model is to read longer texts than it was trained on.",
        source: "Chen et al. 2023, Position Interpolation; Peng et al. 2023, YaRN; Grattafiori et al. 2024",
        options: options, accepting: options + CoreAttention.options,
        example: PartExample([
            "scaling": .fields(["kind": .text("linear"), "factor": .number(4)]), "layout": .text("half"),
        ]).composed("rope", .modifier)
    ) { request in
        guard request.options.contains("rotary_dim") else { return try CoreAttention.compute(request) }
        let found = try RotaryFrequencies(request.options, standardSize: 0)
        return [
            "inverse_frequencies": .real(try Tensor(found.angles.map(Float.init), shape: [found.angles.count])),
            "multiplier": .real(try Tensor([Float(found.multiplier)], shape: [1])),
        ]
    }
}
