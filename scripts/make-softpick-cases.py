"""Writes Tests/Fixtures/Vectors/softpick-*: python3 scripts/make-softpick-cases.py

Needs numpy. Scaled dot products shared out by softpick, in float64, as Zuhri, Fuadi & Aji 2025 define it (eq. 3); gradients by its derivative, which
central differences confirm here before anything is written. The tolerances are those of the other cases: a few rounding errors of float32.
"""

import json
import pathlib
import struct

import numpy as np

folder = pathlib.Path(__file__).parent.parent / "Tests" / "Fixtures" / "Vectors"
epsilon = 1e-8


def softpick(z):
    excess = np.expm1(z)
    return np.maximum(excess, 0) / (np.abs(excess).sum(-1, keepdims=True) + epsilon)


def attend(query, key, value):
    weights = softpick(query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1]))
    return weights @ value, weights


def gradients(query, key, value, upstream):
    scale = 1 / np.sqrt(query.shape[-1])
    scores = query @ key.swapaxes(-1, -2) * scale
    output, weights = attend(query, key, value)
    d_weights = upstream @ value.swapaxes(-1, -2)
    mean = (weights * d_weights).sum(-1, keepdims=True)
    denominator = np.abs(np.expm1(scores)).sum(-1, keepdims=True) + epsilon
    d_scores = np.exp(scores) / denominator * ((scores > 0) * d_weights - np.sign(scores) * mean)
    return {
        "grad.query": d_scores @ key * scale,
        "grad.key": d_scores.swapaxes(-1, -2) @ query * scale,
        "grad.value": weights.swapaxes(-1, -2) @ upstream,
    }


def confirm(inputs, upstream, found):
    for name in ("query", "key", "value"):
        for index in np.ndindex(inputs[name].shape):
            sides = []
            for step in (1e-6, -1e-6):
                moved = {key: x.copy() for key, x in inputs.items()}
                moved[name][index] += step
                sides.append((attend(**moved)[0] * upstream).sum())
            difference = (sides[0] - sides[1]) / 2e-6
            assert abs(difference - found[f"grad.{name}"][index]) < 1e-6 * (1 + abs(difference)), (name, index)


def write(name, query_shape, key_shape, value_size, seed, size):
    random = np.random.default_rng(seed)
    shapes = {"query": query_shape, "key": key_shape, "value": (*key_shape[:3], value_size)}
    inputs = {k: (random.standard_normal(s) * size).astype(np.float32).astype(np.float64) for k, s in shapes.items()}
    upstream = random.standard_normal((*query_shape[:3], value_size)).astype(np.float32).astype(np.float64)
    output, weights = attend(**inputs)
    found = {"output": output, "weights": weights, **gradients(**inputs, upstream=upstream)}
    confirm(inputs, upstream, found)
    tensors = {f"expected64.{k}": x for k, x in found.items()}
    tensors |= {f"expected.{k}": x.astype(np.float32) for k, x in found.items()}
    tensors |= {k: x.astype(np.float32) for k, x in inputs.items()}
    tensors["upstream.output"] = upstream.astype(np.float32)
    header = {"__metadata__": {"format": "swift-attention-vectors", "version": "1", "case": name}}
    data = b""
    for key, x in sorted(tensors.items(), key=lambda item: (item[1].dtype != np.float64, item[0])):
        kind = "F64" if x.dtype == np.float64 else "F32"
        header[key] = {"dtype": kind, "shape": list(x.shape), "data_offsets": [len(data), len(data) + x.nbytes]}
        data += x.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (folder / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    specification = {
        "name": name,
        "mechanism": "softpick",
        "options": {"score": {"kind": "scaled_dot"}, "scopes": [], "modifiers": [], "normalizer": {"kind": "softpick"}},
        "inputs": ["query", "key", "value"],
        "parameters": [],
        "upstream": ["upstream.output"],
        "expected": list(found),
        "float64": True,
        "tolerance": {
            "rtol": 1e-05,
            "atol": {k: round(max(1e-6, 2e-6 * float(np.abs(x).max())), 8) for k, x in found.items()},
            "rtol64": 1e-10,
            "atol64": {k: 1e-12 for k in found},
        },
        "reference": "Zuhri, Fuadi & Aji 2025, Softpick, eq. 3; scripts/make-softpick-cases.py",
    }
    (folder / f"{name}.json").write_text(json.dumps(specification, indent=1) + "\n")


write("softpick-tiny", (1, 1, 2, 4), (1, 1, 2, 4), 4, seed=71, size=1)
write("softpick-odd", (2, 3, 3, 5), (2, 3, 7, 5), 3, seed=72, size=2)
