import ArgumentParser
import Attention
import AttentionCommand

struct TrainPolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Train a policy that acts in an environment, for attend play.",
        discussion: """
            Environments are cartpole, key-door and memory. The policy is of one of four kinds, --set policy.kind=…: mlp has neither memory nor \
            attention, objects attends over what it sees, lstm remembers, attention attends over all that it remembers. It learns by proximal \
            policy optimization. Settings have defaults for each environment; --config takes a JSON file of changes and --set single ones, as in \
            --set environment.delay=50; --settings prints them all. Ctrl-C saves and ends; --resume goes on from there exactly.
            """)

    @Argument(help: "The environment: cartpole, key-door or memory.")
    var environment: String
    @Option(help: ArgumentHelp("Where the policy goes.", valueName: "dir"))
    var output: String?
    @OptionGroup var course: CourseOptions

    func validate() throws {
        guard !course.settings else { return }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the policy") }
    }

    func run() throws {
        course.threads.apply()
        let chosen = try course.chosen(PolicyTrainingSettings(EnvironmentName(environment)))
        guard !course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let output else { return }
        StopSignal.install()
        let training = PolicyTraining(directory: output, settings: chosen, seed: course.seed)
        let reason = try training.run(isResumed: course.resume) { report in
            let line = line(report, of: chosen.course.iterationCount)
            guard report.iteration % chosen.course.checkpointInterval == 0 else { return Diagnostics.printStatus(line) }
            Diagnostics.endStatus()
            Diagnostics.print("attend: " + line)
        }
        CourseOptions.tell(reason, output: output)
    }

    private func line(_ report: PolicyReport, of count: Int) -> String {
        func part(_ name: String) -> String { "\(name) \((report.parts[name] ?? 0).shown(3))" }
        return [
            "iteration \(report.iteration)/\(count)", "\(report.stepCount) steps",
            "return \(Double(report.meanReturn).shown(3))", "success \(Double(report.success).shown(2))",
            part("entropy"), part("divergence"), "\(report.stepsPerSecond.shown(0)) steps/s",
            "\(report.seconds.shown(0)) s",
        ].joined(separator: "  ")
    }
}

extension UnfitSetting: UsageFault {}
extension UnknownEnvironment: UsageFault {}
