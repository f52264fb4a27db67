"""Trajectories of Gymnasium's CartPole-v1, and the pieces of proximal policy optimization computed by numpy and torch.

    python3 -m venv venv && venv/bin/pip install gymnasium==1.4.0 numpy torch
    venv/bin/python scripts/make-reinforcement-fixtures.py            the fixtures of the tests: a handful of trajectories, and the pieces
    venv/bin/python scripts/make-reinforcement-fixtures.py 1000 FILE  that many trajectories into FILE; then, with it:
    CARTPOLE_TRAJECTORIES=FILE swift test --filter CartPoleTests

A trajectory is the state it begins with, in full precision, the actions, and what the reference then showed: observations as float32, how it ended. Every
third is of random actions, every third of a rule that keeps the pole up most of the time, every third of the rule and chance by turns; all seeded.
"""

import json
import pathlib
import sys

import gymnasium
import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/AttentionReinforcementTests/Fixtures"


def trajectory(environment, seed):
    draw = np.random.default_rng(seed)
    environment.reset(seed=seed)
    start = [float(x) for x in environment.unwrapped.state]
    state, actions, seen, rewards = start, [], [], []
    while True:
        x, v, a, w = (float(s) for s in environment.unwrapped.state)
        rule = int(a + 0.3 * w + 0.02 * x + 0.05 * v > 0)
        action = int(draw.integers(2)) if seed % 3 == 0 or (seed % 3 == 2 and draw.random() < 0.4) else rule
        observation, reward, terminated, truncated, _ = environment.step(action)
        actions.append(action)
        seen.append([float(number) for number in observation])
        rewards.append(reward)
        if terminated or truncated:
            break
    return {
        "start": start, "actions": "".join(map(str, actions)), "observations": seen, "rewards": rewards,
        "terminated": bool(terminated), "truncated": bool(truncated),
    }


def trajectories(count, every=1):
    environment = gymnasium.make("CartPole-v1")
    found = [trajectory(environment, seed) for seed in range(count)]
    for one in found:
        if every > 1:  # the file of the tests keeps every tenth observation, and the last
            steps = list(range(0, len(one["observations"]), every)) + [len(one["observations"]) - 1]
            one["observations"] = {str(step): one["observations"][step] for step in steps}
        else:
            one["observations"] = {str(step): seen for step, seen in enumerate(one["observations"])}
        one["rewards"] = sum(one["rewards"])
    return {"gymnasium": gymnasium.__version__, "trajectories": found}


def advantages():
    """Generalised advantage estimation as a plain double sum over what is ahead, not as a recursion."""
    draw, cases = np.random.default_rng(7), []
    for length, last, discount, trace in [(1, 0.0, 0.99, 0.95), (7, 0.0, 0.9, 0.8), (12, 1.7, 0.99, 0.95), (5, -0.4, 1.0, 0.0), (6, 0.3, 0.97, 1.0)]:
        rewards, values = draw.normal(size=length).round(3), draw.normal(size=length).round(3)
        following = np.append(values[1:], last)
        errors = rewards + discount * following - values
        found = [sum((discount * trace) ** k * errors[t + k] for k in range(length - t)) for t in range(length)]
        cases.append({
            "rewards": rewards.tolist(), "values": values.tolist(), "lastValue": last, "discount": discount,
            "trace": trace, "advantages": [float(a) for a in found],
            "returns": [float(a + v) for a, v in zip(found, values)],
        })
    return cases


def objectives():
    import torch

    torch.manual_seed(3)
    cases = []
    for count, actions, clip, value_weight, entropy_weight in [(1, 2, 0.2, 0.5, 0.01), (9, 4, 0.2, 0.5, 0.01), (16, 3, 0.1, 1.0, 0.0)]:
        logits = (torch.randn(count, actions).double() * 1.5).round(decimals=3).requires_grad_()
        values = torch.randn(count).double().round(decimals=3).requires_grad_()
        chosen = torch.randint(actions, (count,))
        old = (torch.log_softmax(logits.detach(), 1)[torch.arange(count), chosen] + torch.randn(count).double() * 0.3).round(decimals=3)
        gains, returns = torch.randn(count).double().round(decimals=3), torch.randn(count).double().round(decimals=3)
        distribution = torch.distributions.Categorical(logits=logits)
        ratio = torch.exp(distribution.log_prob(chosen) - old)
        policy = -torch.min(ratio * gains, torch.clamp(ratio, 1 - clip, 1 + clip) * gains).sum()
        squares = ((values - returns) ** 2).sum()
        entropy = distribution.entropy().sum()
        loss = policy + value_weight * squares / 2 - entropy_weight * entropy
        loss.backward()
        cases.append({
            "logits": logits.tolist(), "values": values.tolist(), "actions": chosen.tolist(), "logProbabilities": old.tolist(),
            "advantages": gains.tolist(), "returns": returns.tolist(), "clip": clip, "valueWeight": value_weight,
            "entropyWeight": entropy_weight, "loss": loss.item(), "policy": policy.item(), "value": squares.item(),
            "entropy": entropy.item(), "clipped": int(((ratio - 1).abs() > clip).sum()),
            "divergence": (ratio - 1 - torch.log(ratio)).sum().item(), "logitsGradient": logits.grad.tolist(),
            "valuesGradient": values.grad.tolist(),
        })
    return cases


def write(value, path):
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write(trajectories(int(sys.argv[1])), pathlib.Path(sys.argv[2]))
    else:
        write(trajectories(9, every=10), FOLDER / "cartpole.json")
        write({"advantages": advantages(), "objectives": objectives()}, FOLDER / "ppo.json")
