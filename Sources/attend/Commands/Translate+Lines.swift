import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles
import Glibc

extension Translate {
    /// Answers standard input, a line for each line, in order.
    ///
    /// At a terminal each line is answered before the next is read. Elsewhere the lines that are there are searched together, which is
    /// faster: few at first, so that the first answer comes soon. A line that cannot be translated is answered by an empty one and a
    /// diagnostic, and the exit code is 65 at the end.
    func translateLines(_ translator: Translator, _ options: TranslationOptions) throws {
        var reader = LineReader.standardInput(byteLimit: 1 << 20)
        var block = LineBlock(isGrowing: !Terminal.isInputInteractive)
        var (number, failures) = (0, 0)
        var run = TaskRun(observing: attention.selection)
        while true {
            let lines = try reader.next(upTo: block.lineCount, byteCount: block.byteCount)
            guard !lines.isEmpty else { break }
            if let form = markup.form {
                for line in lines {
                    number += 1
                    switch try marked(line, form, translator, options) {
                    case .success(let text): try Results.print(text)
                    case .failure(let fault):
                        failures += 1
                        try complain(of: number, fault)
                    }
                }
                block.grow()
                continue
            }
            for answer in try answers(to: lines, translator, options) {
                number += 1
                switch answer {
                case .success(let translations):
                    try show(translations, of: translator, isAnswer: false)
                    if let best = translations.first {
                        TextOptions.tellCuts(in: best, of: "line \(number)")
                        try translator.observe(best, foundBy: options, in: &run)
                    }
                case .failure(let fault):
                    failures += 1
                    try complain(of: number, fault)
                }
            }
            block.grow()
        }
        try writeAttention(of: run)
        if failures > 0 { throw ExitCode(EX_DATAERR) }
    }

    /// The answer to a line with tags.
    private func marked(
        _ line: LineReader.Line, _ form: MarkupForm, _ translator: Translator, _ options: TranslationOptions
    ) throws -> Result<String, LineFault> {
        do {
            switch line {
            case .line(let text): return .success(try translator.translate(text, as: form, options: options))
            case .invalid(let reason): throw TranslationError.unreadable("\(reason)")
            }
        } catch let error as any DataFault {
            return .failure(LineFault(error: error))
        }
    }

    /// An empty answer, and why.
    private func complain(of number: Int, _ fault: LineFault) throws {
        try printEmptyAnswer()
        Diagnostics.print("attend: line \(number): \(fault.error)")
    }

    private func answers(
        to lines: [LineReader.Line], _ translator: Translator, _ options: TranslationOptions
    ) throws -> [Result<[Translation], LineFault>] {
        let texts = lines.map { line in
            if case .line(let text) = line { text.withoutOuterSpace } else { "" }
        }
        var translations: [Result<[Translation], LineFault>]
        do {
            translations = try translator.translate(texts, options: options).map { .success($0) }
        } catch is any DataFault {
            // One of them is at fault: which?
            translations = try texts.map { text in
                do {
                    return .success(try translator.translate([text], options: options)[0])
                } catch let error as any DataFault {
                    return .failure(LineFault(error: error))
                }
            }
        }
        for (position, line) in lines.enumerated() {
            if case .invalid(let reason) = line {
                translations[position] = .failure(LineFault(error: TranslationError.unreadable("\(reason)")))
            }
        }
        return translations
    }

    /// As many lines as an answer has, so that answers stay in step with the lines they answer.
    private func printEmptyAnswer() throws(FileError) {
        for _ in 0..<nBest {
            try Results.print(json ? "{}" : "")
            if alignment == .hard, !json { try Results.print() }
        }
    }
}

/// Why a line has no answer.
private struct LineFault: Error {
    let error: any DataFault
}

/// How many lines are searched together.
private struct LineBlock {
    private(set) var lineCount: Int
    private let isGrowing: Bool

    /// - Parameter isGrowing: false takes one line at a time.
    init(isGrowing: Bool) {
        self.isGrowing = isGrowing
        lineCount = isGrowing ? 8 : 1
    }

    /// Lines of a paragraph each are no more work than many short ones.
    var byteCount: Int { 128 * lineCount }

    mutating func grow() {
        if isGrowing { lineCount = min(4 * lineCount, 256) }
    }
}

extension String {
    /// A line of standard input is a sentence or several, and not a layout: its answer has no space around it.
    fileprivate var withoutOuterSpace: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
