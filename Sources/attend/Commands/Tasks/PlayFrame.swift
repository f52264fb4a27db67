import Attention

/// A step as lines of text: the environment at the left; at the right what the policy thought of it, and where it looked.
struct PlayFrame {
    /// The lines.
    let text: String

    private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]
    private static let barWidth = 20

    /// What was seen before a move, and the move.
    init<Acting: Policy>(
        _ environment: any Environment, _ move: PolicyRun<Acting>.Move, title: String, totalReward: Float
    ) {
        let left = [title] + environment.drawing
        var right = ["did \(environment.actionNames[move.action])", ""]
        right += Self.bars(environment.actionNames, move.probabilities)
        right += ["", "still expects \(Double(move.value).shown(2)), has \(Double(totalReward).shown(2))"]
        switch move.gaze {
        case .objects(let weights):
            right += ["", "looked at"] + Self.bars(environment.layout.objectNames, weights)
        case .steps(let weights): right += ["", Self.most(weights), "|" + Self.strip(weights) + "|"]
        case nil: break
        }
        let width = left.reduce(0) { max($0, $1.count) } + 3
        text = (0..<max(left.count, right.count)).map { row in
            let start = row < left.count ? left[row] : ""
            let end = row < right.count ? right[row] : ""
            return end.isEmpty ? start : start + String(repeating: " ", count: width - start.count) + end
        }.joined(separator: "\n")
    }

    /// A line for each number from 0 to 1: its name, itself, a bar.
    private static func bars(_ names: [String], _ shares: [Float]) -> [String] {
        let width = names.reduce(0) { max($0, $1.count) }
        return zip(names, shares).map { name, share in
            let length = Int((min(max(share, 0), 1) * Float(barWidth)).rounded())
            return name + String(repeating: " ", count: width - name.count) + " \(Double(share).shown(2)) "
                + String(repeating: "█", count: length)
        }
    }

    /// The step that was looked at most, from 1.
    private static func most(_ weights: [Float]) -> String {
        let best = weights.indices.max { weights[$0] < weights[$1] } ?? 0
        return "looked most at step \(best + 1) of \(weights.count): \(Double(weights[best]).shown(2))"
    }

    /// Steps from the first to now, several in a character where there are many: the darker, the nearer to the largest.
    private static func strip(_ weights: [Float]) -> String {
        let (width, largest) = (min(40, weights.count), max(weights.max() ?? 1, .leastNormalMagnitude))
        return String(
            (0..<width).map { place in
                let part = weights[place * weights.count / width..<(place + 1) * weights.count / width]
                return shades[Int(((part.max() ?? 0) / largest * Float(shades.count - 1)).rounded())]
            })
    }
}
