import ArgumentParser
import AttentionCommand
import Glibc

/// A command that `attend-lab` carries out, so that those who only translate need not build it.
protocol LaboratoryCommand: ParsableCommand {
    /// What follows the command's name.
    var arguments: [String] { get }
}

extension LaboratoryCommand {
    /// Becomes `attend-lab`, the one beside this program or else on the path.
    func run() throws {
        let words = ["attend-lab", Self._commandName] + arguments
        var pointers = words.map { strdup($0) } + [nil]
        if let sibling = Self.sibling { execv(sibling, &pointers) }
        execvp("attend-lab", &pointers)
        throw MissingLaboratory(command: Self._commandName)
    }

    /// The path of `attend-lab` in the folder of this program.
    private static var sibling: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        let own = String(cString: path)
        return own.lastIndex(of: "/").map { own[...$0] + "attend-lab" }
    }
}

/// `attend-lab` has not been built, or lies elsewhere.
struct MissingLaboratory: UsageFault, CustomStringConvertible {
    let command: String

    var description: String {
        "\(command): expected the program attend-lab beside this one or on the PATH, found none; "
            + "build it: swift build -c release --product attend-lab"
    }
}

struct Compute: LaboratoryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute attention on tensors from a file, by any mechanism.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct Compare: LaboratoryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train the same small model with different mechanisms and compare what they learn.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct Mechanisms: LaboratoryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look up attention mechanisms: formula, picture, cost, source, use.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct Curves: LaboratoryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw how policies learnt, several seeds as one line with its confidence band.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

struct Bench: LaboratoryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what this machine can do at most, and what the kernels reach of it.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
