import ArgumentParser
import AttentionCommand

/// The command line: attention models translated with, trained, measured and looked into.
@main
struct Attend: RootCommand {
    static let configuration = CommandConfiguration(
        commandName: "attend",
        abstract: "Attention models on an ordinary CPU: translate, train, evaluate, look inside.",
        version: "0.1.0",
        subcommands: [
            Translate.self, Inspect.self, Doctor.self, Snapshot.self, Verify.self, Align.self, Tokenize.self,
            Train.self, Evaluate.self,
            TokenizerCommand.self,
            ModelCommand.self,
            Quantize.self, Prune.self, Distill.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Pretrained models",
                subcommands: [
                    Embed.self, Similarity.self, Rerank.self, FillMask.self, Classify.self, Tag.self,
                    AnswerCommand.self, Label.self, Detect.self, CaptionCommand.self, Transcribe.self, Compose.self,
                    Play.self,
                    Generate.self, Chat.self, Summarize.self,
                    ScoreCommand.self,
                    Forward.self,
                ]),
            CommandGroup(
                name: "Laboratory (attend-lab)",
                subcommands: [Compute.self, Compare.self, Mechanisms.self, Curves.self, Bench.self]),
        ])
}
