import AttentionModels
import AttentionTensors
import AttentionTraining

/// What a slot says of a picture.
struct SlotAnswer {
    /// The slot.
    let slot: Int
    /// The number of the likeliest class.
    let label: Int
    /// How sure that is.
    let score: Float
    /// Left, top, right and bottom, shares of the picture.
    let box: [Float]
}

extension FoundObjects {
    /// What the slots say of a picture that they are surer of than this, slot by slot.
    func answers(about row: Int, above threshold: Float) throws(ShapeError) -> [SlotAnswer] {
        let (classCount, scores) = (scores.shape[2], try scores.at(row).values)
        let boxes = try boxes.at(row).boxCorners().values
        var answers: [SlotAnswer] = []
        for slot in 0..<self.boxes.shape[1] {
            let own = scores[slot * classCount..<(slot + 1) * classCount]
            guard let best = own.indices.max(by: { own[$0] < own[$1] }), own[best] > threshold else { continue }
            answers.append(
                SlotAnswer(
                    slot: slot, label: best - own.startIndex, score: own[best],
                    box: Array(boxes[slot * 4..<slot * 4 + 4])))
        }
        return answers
    }
}
