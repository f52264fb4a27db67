import AttentionDecoding
import AttentionTensors

/// What one caller wants of a translator, where several do: to have a source read, or to step on.
enum GatheredTranslation<Model: SequenceToSequence>: SteppingCall {
    case start(GatheredStart<Model>)
    case next(GatheredStep<Model>)

    static func stepping(_ step: consuming GatheredStep<Model>) -> GatheredTranslation { .next(step) }

    var step: GatheredStep<Model> {
        guard case .next(let step) = self else { preconditionFailure("a source that is read is no step") }
        return step
    }

    var isAnswered: Bool {
        switch self {
        case .start(let start): start.isAnswered
        case .next(let step): step.isAnswered
        }
    }

    var rowCount: Int? {
        switch self {
        case .start(let start): start.rowCount
        case .next(let step): step.rowCount
        }
    }

    /// A round: sources of those who have waited for longest, and one token of everybody who writes.
    static func advanceTogether(_ calls: inout [GatheredTranslation], _ model: Model) {
        var parted = Parted(taking: &calls)
        GatheredStart.advanceTogether(&parted.starts, beside: parted.steps.count, model)
        GatheredStep.advanceTogether(&parted.steps, model)
        calls = parted.calls
    }

    /// Calls by what they want.
    private struct Parted {
        var (starts, steps) = ([GatheredStart<Model>](), [GatheredStep<Model>]())
        private var areStarts: [Bool] = []

        /// Takes the calls out of an array: nobody else may hold what a step remembers while it is changed.
        init(taking calls: inout [GatheredTranslation]) {
            var all: [GatheredTranslation] = []
            swap(&all, &calls)
            for call in all {
                switch call {
                case .start(let start):
                    starts.append(start)
                    areStarts.append(true)
                case .next(let step):
                    steps.append(step)
                    areStarts.append(false)
                }
            }
        }

        /// All of them, in their order.
        var calls: [GatheredTranslation] {
            var (starts, steps) = (starts[...], steps[...])
            return areStarts.map { $0 ? .start(starts.removeFirst()) : .next(steps.removeFirst()) }
        }
    }
}
