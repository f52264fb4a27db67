import ArgumentParser
import Attention
import Glibc

/// The command line: attention models translated with, trained, measured and looked into.
@main
struct Attend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attend",
        abstract: "Attention models on an ordinary CPU: translate, train, evaluate, look inside.",
        version: "0.1.0",
        subcommands: [
            Translate.self, Train.self, Evaluate.self, TokenizerCommand.self, ModelCommand.self,
            Compute.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            if let refused = KernelSelection.refused {
                throw ValidationError(
                    "ATTENTION_KERNELS: expected kernels this CPU can run, found \"\(refused)\"; the best it can run are \(KernelSelection.active)"
                )
            }
            try command.run()
        } catch let error as any DataFault {
            Diagnostics.print("attend: \(error)")
            Self.exit(withError: ExitCode(EX_DATAERR))
        } catch let error as any UsageFault {
            Self.exit(withError: ValidationError("\(error)"))
        } catch {
            Self.exit(withError: error)
        }
    }
}
