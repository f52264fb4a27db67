public import AttentionMusic
import AttentionTensors

extension ChoraleWriter {
    /// Which bars the model looked at when it wrote a note: the attention of all heads of all layers, their mean, added up bar by bar. What goes to
    /// the beginning, before the first step, is in no bar.
    ///
    /// - Throws: `MusicError` if there is no such step, or the chorale has pitches that the model has no tokens for.
    public func gaze(_ voice: Voice, step: Int, in chorale: ChoraleGrid) throws -> PianoRoll.Gaze {
        guard (0..<chorale.stepCount).contains(step) else {
            throw MusicError.unfit(
                operation: "gaze", expected: "a step of the \(chorale.stepCount) that there are", found: "\(step)",
                wayOut: "count steps from 0")
        }
        let place = step * ChoraleGrid.voiceCount + voice.rawValue
        // The token before the note is the one that asks for it.
        let read = Array(try ChoraleVocabulary.tokens(of: chorale).prefix(place + 1))
        var state = model.start(rowCount: 1, format: .float32)
        if read.count > 1 { _ = try model.step([Array(read.dropLast())], &state, wanting: []) }
        let weights = try model.step([Array(read.suffix(1))], &state, wanting: .alignments).alignments
        var bars = [Double](repeating: 0, count: step / ChoraleGrid.stepsPerBar + 1)
        guard let weights else { return PianoRoll.Gaze(voice: voice, step: step, bars: bars) }
        let (layers, heads, keys) = (weights.shape[2], weights.shape[3], weights.shape[4])
        weights.withElements { values in
            for row in 0..<layers * heads {
                for key in 1..<max(1, keys) {
                    let bar = (key - 1) / ChoraleGrid.voiceCount / ChoraleGrid.stepsPerBar
                    bars[bar] += Double(values[row * keys + key]) / Double(layers * heads)
                }
            }
        }
        return PianoRoll.Gaze(voice: voice, step: step, bars: bars)
    }
}
