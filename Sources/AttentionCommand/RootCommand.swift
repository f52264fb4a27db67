package import ArgumentParser
import Attention
import Glibc

/// A command of its own: parses what was typed, runs it, and ends with a sentence and an exit code when that cannot be done.
package protocol RootCommand: ParsableCommand {}

extension RootCommand {
    /// Runs the command that was typed; 64 for a wrong command or environment, 65 for wrong data.
    package static func main() {
        let typed = TypedCommand(Array(CommandLine.arguments.dropFirst()), of: Self.self)
        do {
            try UnreadableArgument.check()
            try typed.check()
            var command = try parseAsRoot()
            try checkEnvironment()
            try command.run()
        } catch let error as any DataFault {
            fail(error, EX_DATAERR, hint: error.hint)
        } catch let error as any UsageFault {
            fail(error, EX_USAGE, hint: error.hint)
        } catch {
            end(with: error, hint: typed.hint)
        }
    }

    private static func fail(_ error: any Error, _ code: Int32, hint: String? = nil) -> Never {
        Diagnostics.print("\(_commandName): \(error)" + (hint.map { "\nhint: \($0)" } ?? ""))
        Glibc.exit(code)
    }

    /// Help and the version are results, everything else is a diagnostic.
    private static func end(with error: any Error, hint: String?) -> Never {
        let (message, code) = (fullMessage(for: error), exitCode(for: error))
        if code == .success {
            do { try Results.print(message) } catch { fail(error, EX_DATAERR) }
        } else if !message.isEmpty {
            Diagnostics.print(message + (code == .validationFailure ? hint.map { "\nhint: \($0)" } ?? "" : ""))
        }
        Glibc.exit(code.rawValue)
    }

    /// The environment is part of the command: what it asks for in vain is not passed over.
    private static func checkEnvironment() throws(EnvironmentError) {
        if let value = KernelSelection.refused {
            let available = KernelSelection.available.joined(separator: ", ")
            throw EnvironmentError(
                variable: "ATTENTION_KERNELS", expected: "kernels this CPU can run (\(available))", found: value)
        }
        if let value = Parallel.refused {
            throw EnvironmentError(variable: "ATTENTION_THREADS", expected: "a number from 1 to 1024", found: value)
        }
    }
}

/// A variable of the environment asks for what cannot be.
struct EnvironmentError: UsageFault, CustomStringConvertible {
    let variable: String
    let expected: String
    let found: String

    var description: String { "\(variable): expected \(expected), found \"\(found)\"; set it so, or leave it unset" }
}
