"""Writes Tests/Fixtures/Operations/torch.json: python3 scripts/make-convolution-fixtures.py

Needs torch from the Python package index; the version that wrote the file is in it. Each case: an operation, its options, its inputs and what torch
returns, computed in float64.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

path = pathlib.Path(__file__).parent.parent / "Tests" / "Fixtures" / "Operations" / "torch.json"
torch.manual_seed(12)
cases = []


def array(x):
    return {"shape": list(x.shape), "values": [float(f"{v:.7g}") for v in x.float().flatten().tolist()]}


def case(operation, options, inputs, expected):
    cases.append({"operation": operation, "options": options, "inputs": [array(x) for x in inputs], "expected": array(expected)})


def random(*shape):
    return (torch.rand(*shape) * 4 - 2).float()


def doubles(*inputs):
    return [x.double() for x in inputs]


for shape, kernel, options in [
    ((2, 3, 6, 5), (4, 3, 3, 2), dict(stride=[1, 1], padding=[0, 0], dilation=[1, 1], groups=1)),
    ((1, 4, 7, 6), (6, 2, 3, 3), dict(stride=[2, 3], padding=[1, 2], dilation=[1, 2], groups=2)),
    ((2, 3, 5, 5), (3, 1, 3, 3), dict(stride=[1, 1], padding=[1, 1], dilation=[1, 1], groups=3)),
    ((1, 4, 6, 5), (4, 1, 2, 3), dict(stride=[2, 1], padding=[1, 1], dilation=[2, 1], groups=4)),
    ((1, 2, 4, 4), (4, 1, 3, 3), dict(stride=[1, 2], padding=[1, 1], dilation=[1, 1], groups=2)),
    ((2, 5, 3, 4), (2, 5, 1, 1), dict(stride=[1, 1], padding=[0, 0], dilation=[1, 1], groups=1)),
    ((1, 3, 8, 8), (2, 3, 7, 7), dict(stride=[2, 2], padding=[3, 3], dilation=[1, 1], groups=1)),
]:
    inputs = [random(*shape), random(*kernel), random(kernel[0])]
    case("convolution2D", options, inputs, F.conv2d(*doubles(*inputs), **options))
for shape, kernel, options in [
    ((2, 3, 9), (4, 3, 3), dict(stride=[1], padding=[1], dilation=[1], groups=1)),
    ((1, 1, 40), (5, 1, 10), dict(stride=[5], padding=[0], dilation=[1], groups=1)),
    ((2, 8, 11), (8, 2, 4), dict(stride=[1], padding=[2], dilation=[1], groups=4)),
    ((1, 2, 12), (2, 2, 3), dict(stride=[2], padding=[2], dilation=[3], groups=1)),
]:
    inputs = [random(*shape), random(*kernel), random(kernel[0])]
    case("convolution1D", options, inputs, F.conv1d(*doubles(*inputs), **options))
for shape, kernel, options in [
    ((2, 3, 4, 3), (3, 2, 3, 3), dict(stride=[1, 1], padding=[0, 0], output_padding=[0, 0], dilation=[1, 1], groups=1)),
    ((1, 4, 3, 4), (4, 3, 3, 2), dict(stride=[2, 3], padding=[1, 0], output_padding=[1, 2], dilation=[1, 2], groups=2)),
    ((1, 3, 4, 4), (3, 1, 2, 2), dict(stride=[2, 2], padding=[0, 0], output_padding=[0, 0], dilation=[1, 1], groups=3)),
]:
    inputs = [random(*shape), random(*kernel), random(kernel[1] * options["groups"])]
    case("transposedConvolution2D", options, inputs, F.conv_transpose2d(*doubles(*inputs), **options))
inputs = [random(2, 3, 5), random(3, 2, 4), random(2)]
options = dict(stride=[2], padding=[1], output_padding=[1], dilation=[1], groups=1)
case("transposedConvolution1D", options, inputs, F.conv_transpose1d(*doubles(*inputs), **options))
for options in [
    dict(kernel_size=[3, 3], stride=[2, 2], padding=[1, 1], dilation=[1, 1]),
    dict(kernel_size=[2, 3], stride=[2, 3], padding=[0, 1], dilation=[2, 1]),
]:
    x = random(2, 2, 7, 8)
    case("maximumPooling2D", options, [x], F.max_pool2d(x.double(), **options))
for options in [dict(kernel_size=[2, 2], stride=[2, 2], padding=[0, 0]), dict(kernel_size=[3, 2], stride=[1, 2], padding=[1, 1])]:
    x = random(1, 2, 6, 7)
    case("averagePooling2D", options, [x], F.avg_pool2d(x.double(), **options))
for size in [[3, 2], [1, 1], [7, 9]]:
    x = random(1, 2, 6, 7)
    case("adaptiveAveragePooling2D", dict(size=size), [x], F.adaptive_avg_pool2d(x.double(), size))
for size in [[3, 4], [9, 11], [5, 1]]:
    x = random(1, 2, 5, 4)
    case("resizedBilinearly", dict(size=size), [x], F.interpolate(x.double(), size, mode="bilinear", align_corners=False))
for shape, groups in [((2, 4, 5), 2), ((2, 3, 4, 2), 3), ((1, 6, 7), 1)]:
    inputs = [random(*shape), random(shape[1]), random(shape[1])]
    x, gain, bias = doubles(*inputs)
    case("groupNormalized", dict(groups=groups), inputs, F.group_norm(x, groups, gain, bias))
inputs = [random(2, 3, 4, 2), random(3), random(3).abs() + 0.1, random(3), random(3)]
case("batchNormalized", {}, inputs, F.batch_norm(*doubles(*inputs)))
x, mean, variance, gain, bias = doubles(*inputs)
case("batchTrained", {}, inputs, F.batch_norm(x, mean, variance, gain, bias, training=True, momentum=0.1))
case("batchMean", {}, inputs, mean)
case("batchVariance", {}, inputs, variance)

cases = [{**c, "options": {k: v if isinstance(v, list) else [v] for k, v in c["options"].items()}} for c in cases]
path.parent.mkdir(parents=True, exist_ok=True)
text = ",\n".join(json.dumps(c) for c in cases)
path.write_text('{"writer": "scripts/make-convolution-fixtures.py with torch %s", "cases": [\n%s\n]}\n' % (torch.__version__, text))
