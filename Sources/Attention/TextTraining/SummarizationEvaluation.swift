import AttentionEvaluation
import AttentionModels
import AttentionText
import AttentionTraining

/// Measures how good a summarizer is: ROUGE against the summaries that texts have, beside that of their first sentences.
///
/// ```swift
/// let test = try LongText.read(["test.tsv"])
/// let result = try SummarizationEvaluation(Summarizer(path: "synopses")).run(test)
/// print(result.model.rougeL, result.lead.rougeL)
/// ```
public struct SummarizationEvaluation: Sendable {
    /// What is measured.
    public var summarizer: Summarizer

    /// An evaluation of this summarizer.
    public init(_ summarizer: Summarizer) { self.summarizer = summarizer }

    /// The means of F over all texts, from 0 to 100.
    public struct Scores: Sendable, Hashable, Codable {
        /// Of words.
        public let rouge1: Double
        /// Of pairs of words.
        public let rouge2: Double
        /// Of the longest common subsequence.
        public let rougeL: Double

        init(_ summaries: [String], _ texts: [LongText]) throws(MetricError) {
            let references = texts.map(\.summary)
            rouge1 = try ROUGE.rouge1.meanF1(summaries, references: references)
            rouge2 = try ROUGE.rouge2.meanF1(summaries, references: references)
            rougeL = try ROUGE.rougeL.meanF1(summaries, references: references)
        }
    }

    /// What was found.
    public struct Result: Sendable {
        /// The scores of what the model wrote.
        public let model: Scores
        /// The scores of the first sentence of each text, which is hard to beat where texts begin with what matters.
        public let lead: Scores
        /// What the model wrote.
        public let summaries: [String]
    }

    /// Summarizes every text, and compares.
    /// - Parameter progress: told after each text how many are done.
    /// - Throws: `MetricError` if there are no texts; as `Summarizer.summarize` else.
    public func run(_ texts: [LongText], progress: (Int) -> Void = { _ in }) throws -> Result {
        var summaries: [String] = []
        for text in texts {
            summaries.append(try summarizer.summarize(text.text).text)
            progress(summaries.count)
        }
        return Result(
            model: try Scores(summaries, texts), lead: try Scores(texts.map { Self.lead(of: $0.text) }, texts),
            summaries: summaries)
    }

    /// The first sentence of the first paragraph.
    private static func lead(of text: String) -> String {
        let paragraph = String(text.split(maxSplits: 1, whereSeparator: \.isNewline).first ?? "")
        guard let range = SentenceSplitter(language: .english).sentences(in: paragraph).first else { return paragraph }
        let scalars = Array(paragraph.unicodeScalars)
        return String(String.UnicodeScalarView(scalars[range]))
    }
}
