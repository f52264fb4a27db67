package import AttentionTensors
import Glibc

/// How an action is chosen from the logits of a policy.
public enum ActionChoice: Sendable, Hashable {
    /// By chance, each as likely as softmax says.
    case sampled
    /// The likeliest.
    case likeliest

    /// The actions for rows of logits [B, A], and ln P of each.
    package func callAsFunction(_ logits: Tensor, _ generator: inout RandomGenerator) -> (actions: [Int], logs: [Float])
    {
        let (values, count) = (logits.values, logits.shape[1])
        var (actions, logs): ([Int], [Float]) = ([], [])
        for start in stride(from: 0, to: values.count, by: count) {
            let row = values[start..<start + count]
            let highest = row.max() ?? 0
            let weights = row.map { exp($0 - highest) }
            let sum = weights.reduce(0, +)
            let action: Int
            switch self {
            case .likeliest: action = weights.firstIndex(of: weights.max() ?? 1) ?? 0
            case .sampled:
                var rest = generator.nextUniform() * sum
                action =
                    weights.firstIndex { weight in
                        rest -= weight
                        return rest < 0
                    } ?? count - 1
            }
            actions.append(action)
            logs.append(row[start + action] - highest - log(sum))
        }
        return (actions, logs)
    }
}
