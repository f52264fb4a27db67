#!/usr/bin/env python3
"""How many steps a second are played and learnt from, beside stable-baselines3: all such numbers of docs/results/reinforcement.md.

    scripts/compare-stable-baselines.py --attend .build/release/attend [--runs 3] [--iterations 10] [--threads 1 2] [--json FILE]

Needs stable-baselines3 (and with it torch and gymnasium). Both learn CartPole-v1 by proximal policy optimization with the course that `attend train policy
cartpole --settings` prints: as many environments, steps an iteration, passes, steps a minibatch; and with the same network, of --set policy.kind=mlp: two layers of 64,
tanh, for actions, and two for values. They take turns, each for so many iterations from a new process; the numbers are medians of the runs. The
time is that of playing and learning; starting Python or the program is no part of it. stable-baselines3 steps its environments in one process
(DummyVecEnv, the faster of its two for this one); of its numbers of threads the better one is the one to compare with.

Beside it, once for each number of threads: the wall-clock time of `attend train policy cartpole` as it is, to its goal, and the mean return of a hundred
episodes that its policy then plays. Nothing else should run.
"""
import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time

SIZE = 64


def course(attend):
    """The course of the environment, as the program itself says."""
    text = subprocess.run([attend, "train", "policy", "cartpole", "--settings"], check=True, capture_output=True).stdout
    return json.loads(text)["course"]


def peer(course, iterations, threads):
    """Steps a second of stable-baselines3; runs in a process of its own."""
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.env_util import make_vec_env

    torch.set_num_threads(threads)
    model = PPO(
        "MlpPolicy", make_vec_env("CartPole-v1", n_envs=course["environmentCount"], seed=1),
        n_steps=course["stepCount"], batch_size=course["batchSize"], n_epochs=course["epochCount"],
        learning_rate=course["rate"], gamma=course["discount"], gae_lambda=course["trace"], clip_range=course["clip"],
        ent_coef=course["entropyWeight"], vf_coef=course["valueWeight"], max_grad_norm=course["clippingNorm"],
        policy_kwargs={"net_arch": {"pi": [SIZE, SIZE], "vf": [SIZE, SIZE]}, "activation_fn": torch.nn.Tanh},
        device="cpu", seed=1)
    steps = iterations * course["environmentCount"] * course["stepCount"]
    start = time.perf_counter()
    model.learn(total_timesteps=steps)
    spent = time.perf_counter() - start
    assert model.num_timesteps == steps
    return steps / spent


def peer_process(course, iterations, threads):
    command = [sys.executable, __file__, "--peer", json.dumps([course, iterations, threads])]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def train(attend, folder, *arguments):
    """The last line of a training's log."""
    command = [attend, "train", "policy", "cartpole", "--output", folder, *arguments]
    subprocess.run(command, check=True, capture_output=True)
    with open(folder + "/log.jsonl") as log:
        return json.loads(log.readlines()[-1])


def ours(attend, iterations, threads):
    """Steps a second of the same network and course, with a goal that nobody reaches."""
    with tempfile.TemporaryDirectory() as folder:
        report = train(
            attend, folder, "--threads", str(threads), "--set", "policy.kind=mlp", "--set", f"policy.hiddenSize={SIZE}",
            "--set", f"course.iterationCount={iterations}", "--set", "course.goal=501")
    return report["stepCount"] / report["seconds"]


def to_the_goal(attend, threads):
    """Seconds to the goal with everything as it is, and what the policy then reaches."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        report = train(attend, folder, "--threads", str(threads))
        seconds = time.perf_counter() - start
        play = [attend, "play", "cartpole", "--policy", folder, "--episodes", "100", "--json"]
        answer = json.loads(subprocess.run(play, check=True, capture_output=True).stdout)
    return {"threads": threads, "seconds": seconds, "steps": report["stepCount"], "meanReturn": answer["meanReturn"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attend", default=".build/release/attend")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--json")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return print(json.dumps(peer(*json.loads(options.peer))))

    settings = course(options.attend)
    rates = {}

    def keep(name, rate):
        rates.setdefault(name, []).append(rate)
        print(f"{name}: {rate:,.0f} steps/s", file=sys.stderr, flush=True)

    for _ in range(options.runs):
        for threads in options.threads:
            keep(f"stable-baselines3, {threads} threads", peer_process(settings, options.iterations, threads))
            keep(f"attend, {threads} threads", ours(options.attend, options.iterations, threads))
    medians = {name: statistics.median(runs) for name, runs in rates.items()}
    best = max(rate for name, rate in medians.items() if name.startswith("stable"))
    for name in sorted(rates):
        print(f"{name}: {medians[name]:,.0f} steps/s ({', '.join(f'{rate:,.0f}' for rate in rates[name])}), "
              f"{medians[name] / best:.2f} of stable-baselines3's best")
    goals = [to_the_goal(options.attend, threads) for threads in options.threads]
    for goal in goals:
        print(f"to the goal, {goal['threads']} threads: {goal['seconds']:.1f} s, {goal['steps']:,} steps; "
              f"mean return of 100 episodes {goal['meanReturn']:.1f}")
    if options.json:
        from importlib.metadata import version

        packages = {name: version(name) for name in ["stable-baselines3", "torch", "gymnasium"]}
        with open(options.json, "w") as file:
            json.dump({"rates": rates, "goals": goals, "packages": packages, "machine": platform.machine()}, file, indent=1)


main()
