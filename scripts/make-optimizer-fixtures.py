"""Writes what OptimizerFixtureTests compare with: weights after each of six steps of PyTorch's optimizers, in double precision.

Needs torch and lion-pytorch (made with torch 2.15.0, lion-pytorch 0.2.5). Run:

    python3 scripts/make-optimizer-fixtures.py > Tests/AttentionTrainingTests/Fixtures/optimizers.json

Three things differ from what the optimizers there do by themselves, so that both sides compute the same:
- weight decay of SGD is decoupled, as it is in all others: weights shrink before the step;
- Muon's Newton-Schulz steps are computed in double precision instead of bfloat16;
- Adafactor's absolute steps are relative ones with a least size of 1, which is larger than any parameter here.
"""

import importlib.metadata
import json
import sys

import torch
from lion_pytorch import Lion

torch.manual_seed(12)
torch.set_default_dtype(torch.float64)
torch.bfloat16 = torch.float64  # what Muon rounds to in between

STEPS = 6
SHAPES = {
    "embedding": [5, 3],
    "hidden.wide": [2, 7],
    "hidden.square": [4, 4],
    "hidden.tall": [6, 2],
    "cube": [2, 3, 4],
    "bias": [4],
    "gain": [],
}


def draw(shape, size):
    """Numbers that float32 holds exactly."""
    return (torch.randn(shape) * size).float().double()


STARTS = {name: draw(shape, 0.5) for name, shape in SHAPES.items()}
GRADIENTS = {name: [draw(shape, 0.3 * (step + 1)) for step in range(STEPS)] for name, shape in SHAPES.items()}
for step in range(STEPS):
    GRADIENTS["bias"][step][1] = 0  # never moves, whatever it is divided by
    GRADIENTS["embedding"][step][step % 5] = 0  # a row that is not looked up


def run(make, decay_before=0.0, rate=0.05):
    """`make` turns named parameters into optimizers."""
    parameters = {name: torch.nn.Parameter(start.clone()) for name, start in STARTS.items()}
    optimizers = make(parameters)
    weights = {name: [] for name in parameters}
    for step in range(STEPS):
        for name, parameter in parameters.items():
            parameter.grad = GRADIENTS[name][step].clone()
            if parameter.dim() >= 2 and decay_before:
                with torch.no_grad():
                    parameter.mul_(1 - rate * decay_before)
        for optimizer in optimizers:
            optimizer.step()
        for name, parameter in parameters.items():
            weights[name].append(numbers(parameter))
    return weights


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().reshape(-1).tolist()]


def matrices(parameters, decay):
    """Groups: what has at least two axes decays."""
    return [
        {"params": [p for p in parameters.values() if p.dim() >= 2], "weight_decay": decay},
        {"params": [p for p in parameters.values() if p.dim() < 2], "weight_decay": 0.0},
    ]


def sgd(**options):
    return lambda parameters: [torch.optim.SGD(parameters.values(), lr=0.05, **options)]


def adam(parameters):
    return [torch.optim.AdamW(matrices(parameters, 0.1), lr=0.05, betas=(0.9, 0.98), eps=1e-8)]


def adafactor(least):
    return lambda parameters: [torch.optim.Adafactor(matrices(parameters, 0.1), lr=0.05, eps=(None, least))]


def lion(parameters):
    return [Lion(matrices(parameters, 0.1), lr=0.05, betas=(0.9, 0.99))]


def muon(parameters):
    hidden = {name: p for name, p in parameters.items() if name.startswith("hidden")}
    rest = {name: p for name, p in parameters.items() if name not in hidden}
    return [
        torch.optim.Muon(hidden.values(), lr=0.05, momentum=0.95, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(matrices(rest, 0.1), lr=0.05, betas=(0.9, 0.95), eps=1e-8),
    ]


cases = {
    "sgd": run(sgd()),
    "sgd heavy ball": run(sgd(momentum=0.9), decay_before=0.1),
    "sgd nesterov": run(sgd(momentum=0.9, nesterov=True), decay_before=0.1),
    "adam": run(adam),
    "adafactor absolute": run(adafactor(1.0)),
    "adafactor relative": run(adafactor(1e-3)),
    "lion": run(lion),
    "muon": run(muon),
}
json.dump(
    {
        "made by": {name: importlib.metadata.version(name) for name in ["torch", "lion-pytorch"]},
        "parameters": {
            name: {"shape": shape, "start": numbers(STARTS[name]), "gradients": [numbers(g) for g in GRADIENTS[name]]}
            for name, shape in SHAPES.items()
        },
        "cases": cases,
    },
    sys.stdout,
)
print()
