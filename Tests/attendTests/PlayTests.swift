import Attention
import Foundation
import Testing

/// `attend train policy` and `attend play`, run as processes on tiny trainings.
@Suite struct PlayTests {
    private func train(_ folder: TemporaryFolder, _ output: String, _ arguments: String...) throws -> Command {
        let settings = [
            "environment.delay=3", "policy.hiddenSize=8", "policy.headCount=2", "course.environmentCount=4",
            "course.stepCount=10",
            "course.iterationCount=6", "course.checkpointInterval=2", "course.goal=2",
        ]
        return try Command.run(
            ["train", "policy", "memory", "--output", folder.path(output), "--threads", "1"]
                + settings.flatMap { ["--set", $0] } + arguments)
    }

    private func bytes(_ folder: TemporaryFolder, _ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
    }

    @Test func aPolicyIsTrainedAndPlays() throws {
        let folder = try TemporaryFolder()
        let done = try train(folder, "a")
        #expect(done.status == 0 && done.errors.contains("all updates made; the model is in"), "\(done.errors)")
        #expect(done.errors.contains("iteration 6/6  240 steps  return "), "\(done.errors)")
        let log = try String(contentsOfFile: folder.path("a/log.jsonl"), encoding: .utf8)
        #expect(log.split(separator: "\n").count == 6)
        #expect(
            try String(contentsOfFile: folder.path("a/learning-curve.svg"), encoding: .utf8).contains("mean return"))

        let play = try Command.run(
            "play", "memory", "--policy", folder.path("a"), "--episodes", "3", "--json", "--seed", "4")
        #expect(play.status == 0, "\(play.errors)")
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(play.output.utf8)) as? [String: Any])
        #expect(answer["policy"] as? String == "attention" && (answer["episodes"] as? [Any])?.count == 3)
        let watch = try Command.run("play", "memory", "--policy", folder.path("a"), "--watch", "--sample")
        #expect(watch.status == 0, "\(watch.errors)")
        for part in ["episode 1, step 1", "sign: ", "did ", "still expects", "looked most at step 1 of 1: 1"] {
            #expect(watch.output.contains(part), "\(part): \(watch.output)")
        }
        let other = try Command.run("play", "cartpole", "--policy", folder.path("a"))
        #expect(other.status == 65 && other.errors.contains("to be one for memory; play memory"), "\(other.errors)")
    }

    /// Stopped after four iterations and gone on with, a training leaves the bytes of one that was not stopped.
    @Test func aTrainingGoesOnWhereItWas() throws {
        let folder = try TemporaryFolder()
        _ = try train(folder, "whole")
        // Killed in the middle, the training has its last checkpoint, and perhaps a longer log.
        _ = try Command.shell(
            #"""
            "$0" "$@" 2>"$OUT.err" & child=$!
            while [ "$(wc -l < "$OUT/log.jsonl" 2>/dev/null || echo 0)" -lt 3 ] && kill -0 $child 2>/dev/null; do sleep 0.01; done
            kill -INT $child 2>/dev/null; wait $child; exit 0
            """#.replacing("$OUT", with: folder.path("part")),
            [
                "train", "policy", "memory", "--output", folder.path("part"), "--threads", "1",
            ]
                + [
                    "environment.delay=3", "policy.hiddenSize=8", "policy.headCount=2", "course.environmentCount=4",
                    "course.stepCount=10",
                    "course.iterationCount=6", "course.checkpointInterval=2", "course.goal=2",
                ].flatMap { ["--set", $0] })
        let errors = try String(contentsOfFile: folder.path("part.err"), encoding: .utf8)
        if errors.contains("interrupted; continue with the same command and --resume") {
            let resumed = try train(folder, "part", "--resume")
            #expect(resumed.status == 0, "\(resumed.errors)")
        }
        #expect(try bytes(folder, "part/model.safetensors") == bytes(folder, "whole/model.safetensors"))
        #expect(try bytes(folder, "part/config.json") == bytes(folder, "whole/config.json"))

        let again = try train(folder, "whole")
        #expect(again.status == 65 && again.errors.contains("continue with --resume"), "\(again.errors)")
        let changed = try train(folder, "whole", "--resume", "--set", "course.rate=0.5")
        #expect(
            changed.status == 65
                && changed.errors.contains("resume: expected course.rate 0.5 in "), "\(changed.errors)")
    }

    @Test(arguments: ["cartpole", "key-door", "memory"]) func theirOwnPoliciesAndChance(_ name: String) throws {
        let own = try Command.run("play", name, "--episodes", "5", "--seed", "1")
        #expect(own.status == 0 && own.output.contains("5 episodes: mean return "), "\(own.errors)")
        #expect(own.output.contains("100 % successful"), "\(own.output)")
        let chance = try Command.run("play", name, "--policy", "random", "--episodes", "5", "--seed", "1")
        #expect(chance.status == 0 && !chance.output.contains("100 % successful"), "\(chance.output)")
        let watched = try Command.run("play", name, "--watch")
        #expect(watched.output.contains("looked ") && watched.output.contains("a success"), "\(watched.errors)")
    }

    @Test func refusals() throws {
        for (arguments, status, sentence) in [
            (["play", "cartpol"], 64, "there is no environment \"cartpol\"; did you mean \"cartpole\"?"),
            (["train", "policy", "chess", "--output", "x"], 64, "there are cartpole, key-door, memory"),
            (["train", "policy", "memory"], 64, "--output: expected a folder for the policy"),
            (["play", "memory", "--episodes", "0"], 64, "--episodes: expected 1 to 1000000, found 0"),
            (["play", "memory", "--episodes", "-1"], 64, "--episodes: expected 1 to 1000000, found -1"),
            (["play", "memory", "--watch", "--json"], 64, "expected one of --watch and --json, found both"),
            (
                ["play", "memory", "--policy", "nowhere"], 65,
                "expected a folder that attend train policy left, found nowhere"
            ),
            (
                ["train", "policy", "memory", "--output", "x", "--set", "policy.kind=lstn"], 64,
                "did you mean \"lstm\"?"
            ),
            (
                ["train", "policy", "memory", "--output", "x", "--set", "environment.delay=0"], 64,
                "expected environment.delay to be from 1 to 1000, found 0"
            ),
        ] {
            let command = try Command.run(arguments)
            #expect(command.status == status && command.errors.contains(sentence), "\(arguments): \(command.errors)")
        }
    }
}
