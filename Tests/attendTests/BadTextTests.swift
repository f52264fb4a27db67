import Foundation
import Testing

/// Standard input that is no text to speak of, within a gigabyte of memory.
@Suite struct BadTextTests {
    /// Runs `attend translate` on this input; memory beyond a gigabyte is refused, and the command would abort.
    private func translate(_ input: Data, _ options: String...) throws -> Command {
        try Command.shell(
            #"ulimit -d 1000000; exec "$0" "$@""#, ["translate", "--model", TinyModel.folder.get().path] + options,
            input: input)
    }

    @Test func aMegabyteWithoutASpace() throws {
        let word = Data(repeating: UInt8(ascii: "w"), count: 1 << 20)
        let command = try translate(word + Data("\nwe like birds .\n".utf8))
        #expect(command.status == 0, "\(command.errors)")
        #expect(command.output == String(decoding: word, as: UTF8.self) + "\nnous oiseaux aime .\n")
        #expect(
            command.errors == "attend: line 1: longer than the model reads and without a space; left as it is\n")
        let longer = try translate(
            Data(repeating: UInt8(ascii: "w"), count: 1 + 1 << 20) + Data("\nwe like birds .".utf8))
        #expect(longer.status == 65)
        #expect(longer.output == "\nnous oiseaux aime .\n")
        #expect(longer.errors.contains("line 1: ") && longer.errors.contains("expected at most 1048576 bytes"))
    }

    @Test func tenThousandEmptyLines() throws {
        let command = try translate(Data(repeating: UInt8(ascii: "\n"), count: 10_000))
        #expect(command.status == 0 && command.errors.isEmpty)
        #expect(command.output == String(repeating: "\n", count: 10_000))
    }

    @Test func nothingButZeros() throws {
        let command = try translate(Data(count: 100_000))
        #expect(command.status == 0, "\(command.errors)")
        #expect(command.output.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        let folder = try TemporaryFolder()
        try Data(count: 100_000).write(to: URL(fileURLWithPath: folder.path("zeros.txt")))
        let file = try translate(Data(), "--file", folder.path("zeros.txt"))
        #expect(file.status == 0, "\(file.errors)")
        let pairs = try Command.run("evaluate", "translation", "--test", folder.path("zeros.txt"))
        #expect(pairs.status == 65 && pairs.errors.contains("zeros.txt"), "\(pairs.errors)")
        let model = try Command.run("translate", "a", "--model", folder.root)
        #expect(model.status == 65)
    }

    /// What had been written before stays, and the line that could not be written is not passed over.
    @Test func aDiskThatFills() throws {
        let folder = try TemporaryFolder()
        let script = #"ulimit -f 1; trap "" XFSZ; out=$1; shift; "$0" "$@" > $out; code=$?; cat $out; exit $code"#
        let command = try Command.shell(
            script, [folder.path("out.txt"), "translate", "--model", TinyModel.folder.get().path],
            input: Data(String(repeating: "we like birds .\n", count: 100).utf8))
        #expect(command.status == 65)
        #expect(command.errors.contains("attend: save: could not write standard output: File too large"))
        #expect(command.output.hasPrefix("nous oiseaux aime .\nnous oiseaux aime .\n"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("out.txt"))).count == 512)
    }
}
