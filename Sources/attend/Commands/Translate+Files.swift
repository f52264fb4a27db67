import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

extension Translate {
    func validateFiles() throws {
        if !files.isEmpty, !text.isEmpty {
            throw ValidationError("--file: expected either files or TEXT, found both; put options before TEXT")
        }
        if output != nil, files.isEmpty { throw ValidationError("--output: expected --file to say what is translated") }
        if !files.isEmpty, json || heatmap != nil || nBest > 1 || alignment == .hard {
            throw ValidationError(
                "--file: expected nothing but the text, found --json, --heatmap, --n-best or --alignment hard")
        }
    }

    /// Translates whole files one after the other; a file that cannot be read stops nothing but itself, and the exit code is 65 then.
    func translateFiles(_ translator: Translator, _ options: TranslationOptions) throws {
        let outputs = try self.outputs()
        // A file that lies in the folder for translations would be written over by its own.
        for case (let path, let output?) in zip(files, outputs) where Directory.isOneFile(path, output) {
            throw ValidationError("--output: expected other files than those of --file, found \(output)")
        }
        for path in outputs.compactMap(\.self) { try AtomicFile.check(path) }
        var failures = 0
        for (path, output) in zip(files, outputs) {
            do {
                try translateFile(path, to: output, translator, options)
            } catch let error as any DataFault {
                failures += 1
                Diagnostics.endStatus()
                Diagnostics.print("attend: \(path): \(error)")
            }
        }
        if failures > 0 { throw ExitCode(65) }
    }

    private func translateFile(
        _ path: String, to output: String?, _ translator: Translator, _ options: TranslationOptions
    ) throws {
        let bytes = try FileContents.read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TranslationError.unreadable("it is not UTF-8")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        func tell(_ done: Int, _ total: Int) {
            Diagnostics.printStatus("\(name): \(ProgressBar(done: done, total: total)) \(done) of \(total) sentences")
        }
        guard let translated = try translated(text, of: path, translator, options, tell) else { return }
        if let output {
            try AtomicFile.write(Array(translated.utf8), to: output)
        } else {
            try Results.print(translated, terminator: translated.unicodeScalars.last == "\n" ? "" : "\n")
        }
    }

    private func translated(
        _ text: String, of path: String, _ translator: Translator, _ options: TranslationOptions,
        _ tell: (Int, Int) -> Void
    ) throws -> String? {
        if let form = markup.form { return try translator.translate(text, as: form, options: options) }
        let translations = try translator.translate([text], options: options, progress: tell)
        Diagnostics.endStatus()
        guard let best = translations.first?.first else { return nil }
        TextOptions.tellCuts(in: best, of: path)
        return best.text
    }

    /// Where each file's translation goes; nil is standard output.
    private func outputs() throws -> [String?] {
        guard let output else { return files.map { _ in nil } }
        if files.count == 1, !Directory.isDirectory(output) { return [output] }
        let names = files.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        if let twin = names.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
            throw ValidationError("--output: expected files of different names for one folder, found \(twin) twice")
        }
        try Directory.create(output)
        return names.map { output + "/" + $0 }
    }
}

/// Twenty characters that fill from the left.
struct ProgressBar: CustomStringConvertible {
    let done: Int
    let total: Int

    var description: String {
        let filled = total > 0 ? 20 * min(done, total) / total : 20
        return String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    }
}
