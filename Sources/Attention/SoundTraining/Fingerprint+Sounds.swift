import AttentionSignals

extension Fingerprint {
    /// The fingerprint of sounds and what stands beside each, its class or its text, in their order.
    init(of sounds: some Sequence<Sound>, names: some Sequence<String>) {
        self.init(
            of: zip(sounds, names).lazy.map { sound, name -> (bytes: [UInt8], name: String) in
                let bytes: [UInt8] = sound.mono.flatMap { sample in
                    (0..<4).map { UInt8(truncatingIfNeeded: sample.bitPattern >> (8 * $0)) }
                }
                return (bytes: bytes, name: name)
            })
    }
}
