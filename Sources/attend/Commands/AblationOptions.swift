import ArgumentParser
import Attention
import AttentionCommand

/// Which heads are left out.
struct AblationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Leave these heads out, whose output is 0 then: layer.head, both from 1, such as 3.5,4.*; with encoder:, decoder: or cross: before them of one kind only.",
            valueName: "heads"))
    var ablate: HeadList?

    /// Computes `body` without them.
    /// - Throws: `HeadSelectionError` if the model has no such heads; what `body` throws.
    func callAsFunction<Result>(of model: some HeadedModel, _ body: () throws -> Result) throws -> Result {
        try withAblation(try ablation(of: model), body)
    }

    /// What is left out of a model.
    /// - Throws: `HeadSelectionError` if it has no such heads.
    func ablation(of model: some HeadedModel) throws -> Ablation {
        try ablate.map { try model.heads.ablation(of: $0.selectors) } ?? .none
    }
}

/// Heads with commas between: `3.5,4.*`.
struct HeadList: ExpressibleByArgument {
    let selectors: [HeadSelector]

    init?(argument: String) {
        guard let selectors = HeadSelector.list(argument) else { return nil }
        self.selectors = selectors
    }
}

extension HeadSelectionError: DataFault {}
