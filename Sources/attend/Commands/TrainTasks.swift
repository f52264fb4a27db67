import ArgumentParser
import Attention
import AttentionCommand

struct TrainClassify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify", abstract: "Teach a pretrained model which class texts are of.",
        discussion: """
            Data are lines of a label and a text, or two texts that are compared, with tabs between them; in .jsonl files objects \
            {"label", "text", "pair"}.
            """ + " " + FineTuningOptions.discussion)

    @OptionGroup var options: FineTuningOptions

    func run() throws {
        try options.run {
            .classes(train: try ClassifiedText.read($0), valid: try ClassifiedText.read($1))
        }
    }
}

struct TrainAnswer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Teach a pretrained model where a text answers a question.",
        discussion: """
            Data are documents as SQuAD has them; in .jsonl files objects {"id", "question", "context", "answers"}, the answers a list of \
            {"text", "answer_start"}.
            """ + " " + FineTuningOptions.discussion)

    @OptionGroup var options: FineTuningOptions

    func run() throws {
        try options.run(.answers) {
            .answers(train: try AskedQuestion.read($0), valid: try AskedQuestion.read($1))
        }
    }
}

struct TrainTag: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Teach a pretrained model what each word of a text is.",
        discussion: """
            Data are lines of a word and its tag with a tab between them, and a blank line between texts; in .jsonl files objects \
            {"tokens", "tags"}.
            """ + " " + FineTuningOptions.discussion)

    @OptionGroup var options: FineTuningOptions

    func run() throws {
        try options.run {
            .tags(train: try TaggedWords.read($0), valid: try TaggedWords.read($1))
        }
    }
}

struct TrainEmbed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed", abstract: "Teach a pretrained model which texts belong together.",
        discussion: """
            Data are lines of two texts that belong together with a tab between them; in .jsonl files objects {"anchor", "positive"}. What \
            belongs to the others of a batch counts as what does not belong.
            """ + " " + FineTuningOptions.discussion)

    @OptionGroup var options: FineTuningOptions

    func run() throws {
        try options.run {
            .pairs(train: try AlikeTexts.read($0), valid: try AlikeTexts.read($1))
        }
    }
}
