"""Writes Tests/Fixtures/Operations/numpy.json: python3 scripts/make-operation-fixtures.py

Needs numpy from the Python package index; the version that wrote the file is in it. Each case: an operation, its inputs and what numpy returns.
"""

import json
import pathlib

import numpy as np

path = pathlib.Path(__file__).parent.parent / "Tests" / "Fixtures" / "Operations" / "numpy.json"
random = np.random.default_rng(12)
cases = []


def array(x):
    x = np.asarray(x)
    if x.dtype.kind == "f":
        return {"shape": list(x.shape), "values": [float(np.float32(v)) for v in x.ravel()]}
    return {"shape": list(x.shape), "values": [int(v) for v in x.ravel()]}


def case(operation, inputs, *expected):
    cases.append({"operation": operation, "inputs": [array(x) for x in inputs], "expected": [array(x) for x in expected]})


def uniform(*shape, low=-2.0, high=2.0):
    return random.uniform(low, high, shape).astype(np.float32)


x, y, row = uniform(3, 4), uniform(3, 4), uniform(4)
tied = np.array([[1, 3, 3, -1], [2, 2, 2, 2]], np.float32)
for name, function in [
    ("less", np.less), ("lessOrEqual", np.less_equal), ("greater", np.greater),
    ("greaterOrEqual", np.greater_equal), ("equal", np.equal), ("notEqual", np.not_equal),
]:
    case(name, [x, row], function(x, row))
    case(name, [tied, tied[:, ::-1].copy()], function(tied, tied[:, ::-1]))
case("where", [x, row, y[:, :1]], np.where(x > 0, row, y[:, :1]))
case("minimum", [x, row], np.minimum(x, row))
case("maximum", [x, row], np.maximum(x, row))
case("minimumOverAxis", [x], x.min(axis=1))
case("clamp", [x], np.clip(x, -0.5, 1.25))
case("absolute", [x], np.abs(x))
positive = uniform(3, 4, low=0.2)
case("power", [positive, row], np.power(positive.astype(np.float64), row).astype(np.float32))
case("power2.5", [positive], np.power(positive.astype(np.float64), 2.5).astype(np.float32))
case("power3", [x], np.power(x.astype(np.float64), 3).astype(np.float32))
cube = uniform(2, 3, 4)
for axis in range(3):
    double = cube.astype(np.float64)
    case(f"cumulativeSum{axis}", [cube], np.cumsum(double, axis).astype(np.float32))
    case(f"cumulativeProduct{axis}", [cube], np.cumprod(double, axis).astype(np.float32))
    case(f"cumulativeMaximum{axis}", [cube], np.maximum.accumulate(cube, axis))
    order = np.argsort(cube, axis, kind="stable")
    case(f"sortedAscending{axis}", [cube], np.take_along_axis(cube, order, axis), order)
    order = np.argsort(-cube, axis, kind="stable")
    case(f"sortedDescending{axis}", [cube], np.take_along_axis(cube, order, axis), order)
    best = order.take(range(2), axis)
    case(f"top2of{axis}", [cube], np.take_along_axis(cube, best, axis), best)
order = np.argsort(-tied, -1, kind="stable")
case("sortedDescending1", [tied], np.take_along_axis(tied, order, -1), order)
order = np.argsort(tied, -1, kind="stable")
case("sortedAscending1", [tied], np.take_along_axis(tied, order, -1), order)
for mode in ["constant", "reflect", "edge"]:
    for axis in range(3):
        widths = [(0, 0)] * 3
        widths[axis] = (1, 1) if mode == "reflect" else (2, 1)
        extra = {"constant_values": -7} if mode == "constant" else {}
        case(f"{mode}{axis}", [cube], np.pad(cube, widths, mode=mode, **extra))
    case(f"{mode}Long", [row], np.pad(row, [(3, 2)], mode=mode, **({"constant_values": -7} if mode == "constant" else {})))
for equation, shapes in [
    ("b h q d, b h k d -> b h q k", [(2, 3, 4, 5), (2, 3, 6, 5)]),
    ("b h q k, b h k d -> b h q d", [(2, 3, 4, 6), (2, 3, 6, 5)]),
    ("q d, k d -> k q", [(3, 4), (5, 4)]),
    ("i j, j k, k l -> l i", [(2, 3), (3, 4), (4, 2)]),
    ("i j -> j i", [(2, 3)]),
    ("i j -> ", [(2, 3)]),
    ("i j -> j", [(2, 3)]),
    ("i i -> i", [(3, 3)]),
    ("i i -> ", [(3, 3)]),
    ("b i i j, j -> b i", [(2, 3, 3, 4), (4,)]),
    ("i, j -> i j", [(3,), (4,)]),
    ("i, i -> ", [(3,), (3,)]),
    ("i j, i j -> i j", [(2, 3), (2, 3)]),
    ("b q x, b q y, x y o -> b q o", [(2, 3, 4), (2, 3, 2), (4, 2, 3)]),
    ("b i, i -> b", [(2, 3), (3,)]),
    ("a b c, c b d -> d a", [(2, 3, 4), (4, 3, 2)]),
    ("a x, b y -> a b", [(2, 3), (4, 2)]),
    ("i i, i -> i", [(3, 3), (3,)]),
]:
    operands = [uniform(*shape) for shape in shapes]
    expected = np.einsum(equation.replace(" ", ""), *[o.astype(np.float64) for o in operands])
    case(equation, operands, np.asarray(expected, np.float32))
case("oneHot", [np.array([2, 0, 3])], np.eye(4, dtype=np.float32)[[2, 0, 3]])
case("logSoftmax", [x], (lambda z: z - np.log(np.exp(z).sum(-1, keepdims=True)))(x.astype(np.float64)).astype(np.float32))

path.parent.mkdir(parents=True, exist_ok=True)
text = ",\n".join(json.dumps(c) for c in cases)
path.write_text('{"writer": "scripts/make-operation-fixtures.py with numpy %s", "cases": [\n%s\n]}\n' % (np.__version__, text))
