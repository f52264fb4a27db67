"""Operations of networks that see and hear, as PyTorch and ONNX Runtime compute them.

    python3 -m comparison.operations PEER SECONDS SERIES CASE ...

prints a JSON line for each case. The names come from `AttentionBenchmarks operations --list` and say all: the operation, the shapes of its inputs
and its settings, then forward or fwdbwd, with the gradients of all inputs for a fixed upstream gradient.
"""
import json
import os
import re
import sys
from importlib import metadata
from typing import NamedTuple

from .measuring import measure

THREADS = int(os.environ.get("PEERS_THREADS", "2"))
os.environ.setdefault("OMP_NUM_THREADS", str(THREADS))


class Absent(Exception):
    """The peer does not have it."""


class Case(NamedTuple):
    name: str
    operation: str
    shapes: list
    settings: dict  # by letter
    direction: str

    @classmethod
    def of(cls, name):
        """conv2d-8x64x56x56-64x64x3x3-s1p1d1g1/forward."""
        work, direction = name.split("/")
        operation, *parts = work.split("-")
        shapes = [tuple(map(int, part.split("x"))) for part in parts if part[0].isdigit()]
        letters = [pair for part in parts if not part[0].isdigit() for pair in re.findall(r"([a-z])(\d+)", part)]
        return cls(name, operation, shapes, {letter: int(number) for letter, number in letters}, direction)


# MARK: PyTorch


def convolution(case):
    import torch.nn.functional as F
    of = {"conv1d": F.conv1d, "conv2d": F.conv2d}[case.operation]
    s = case.settings
    shapes = [*case.shapes, case.shapes[1][:1]]
    return shapes, lambda x, w, b: of(x, w, b, stride=s["s"], padding=s["p"], dilation=s["d"], groups=s["g"])


def transposed(case):
    import torch.nn.functional as F
    s = case.settings
    shapes = [*case.shapes, case.shapes[1][1:2]]
    return shapes, lambda x, w, b: F.conv_transpose2d(x, w, b, stride=s["s"], padding=s["p"])


def pooling(case):
    import torch.nn.functional as F
    of = {"maxpool": F.max_pool2d, "avgpool": F.avg_pool2d}[case.operation]
    s = case.settings
    return case.shapes, lambda x: of(x, s["k"], stride=s["s"], padding=s["p"])


def adaptive(case):
    import torch.nn.functional as F
    size = case.settings["r"], case.settings["c"]
    return case.shapes, lambda x: F.adaptive_avg_pool2d(x, size)


def bilinear(case):
    import torch.nn.functional as F
    size = case.settings["r"], case.settings["c"]
    return case.shapes, lambda x: F.interpolate(x, size=size, mode="bilinear", align_corners=False)


def batch_norm(case):
    import torch
    import torch.nn.functional as F
    channels = case.shapes[0][1:2]
    mean, variance = torch.zeros(channels), torch.ones(channels)
    training = case.operation == "batchtrain"
    return [case.shapes[0], channels, channels], lambda x, gain, bias: F.batch_norm(x, mean, variance, gain, bias, training=training)


def group_norm(case):
    import torch.nn.functional as F
    channels = case.shapes[0][1:2]
    return [case.shapes[0], channels, channels], lambda x, gain, bias: F.group_norm(x, case.settings["g"], gain, bias)


def ctc(case):
    import torch
    import torch.nn.functional as F
    rows, steps, classes = case.shapes[0]
    labels = case.settings["l"]
    targets = (1 + torch.arange(labels) % (classes - 1)).repeat(rows, 1)
    lengths = torch.full((rows,), steps), torch.full((rows,), labels)
    return case.shapes, lambda x: F.ctc_loss(x.log_softmax(-1).transpose(0, 1), targets, *lengths, reduction="none")


def fourier(case):
    import torch
    values = torch.randn(case.shapes[0], dtype=torch.float64)
    return [], lambda: torch.fft.rfft(values)


def log_mel(case):
    """Whisper's features, as its own package computes them; what the filters are does not matter for the time."""
    import torch
    samples, window, filters = 0.1 * torch.randn(case.shapes[0]), torch.hann_window(400), torch.rand(80, 201)

    def compute():
        power = torch.stft(samples, 400, 160, window=window, return_complex=True)[..., :-1].abs() ** 2
        logarithms = (filters @ power).clamp(min=1e-10).log10()
        return (torch.maximum(logarithms, logarithms.max() - 8) + 4) / 4
    return [], compute


TORCH = {
    "conv1d": convolution, "conv2d": convolution, "transposed2d": transposed, "maxpool": pooling, "avgpool": pooling, "adaptiveavg": adaptive,
    "bilinear": bilinear, "batchnorm": batch_norm, "batchtrain": batch_norm, "groupnorm": group_norm, "ctc": ctc, "rfft64": fourier,
    "logmel": log_mel,
}


def torch_work(case):
    import torch
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    shapes, compute = TORCH[case.operation](case)
    inputs = [torch.randn(shape) for shape in shapes]
    if case.direction == "forward":
        def forward():
            with torch.inference_mode():
                compute(*inputs)
        return forward
    tracked = [x.requires_grad_() for x in inputs]
    upstream = torch.randn_like(compute(*tracked))
    return lambda: torch.autograd.grad(compute(*tracked), tracked, upstream)


# MARK: ONNX Runtime


def onnx_node(case):
    """The node's operator and attributes, and the shapes of its parameters."""
    s, shapes = case.settings, case.shapes
    channels = shapes[0][1:2]

    def every(letter):
        return [s[letter]] * (len(shapes[0]) - 2)
    match case.operation:
        case "conv1d" | "conv2d":
            return "Conv", dict(strides=every("s"), pads=every("p") * 2, dilations=every("d"), group=s["g"]), [shapes[1], shapes[1][:1]]
        case "transposed2d":
            return "ConvTranspose", dict(strides=every("s"), pads=every("p") * 2), [shapes[1], shapes[1][1:2]]
        case "maxpool":
            return "MaxPool", dict(kernel_shape=every("k"), strides=every("s"), pads=every("p") * 2), []
        case "avgpool":
            return "AveragePool", dict(kernel_shape=every("k"), strides=every("s"), pads=every("p") * 2, count_include_pad=1), []
        case "adaptiveavg" if (s["r"], s["c"]) == (1, 1):
            return "GlobalAveragePool", {}, []
        case "batchnorm":
            return "BatchNormalization", {}, [channels] * 4
        case "groupnorm":
            return "GroupNormalization", dict(num_groups=s["g"]), [channels] * 2
        case "bilinear":
            return "Resize", dict(mode="linear", coordinate_transformation_mode="half_pixel"), []
    raise Absent(f"no operator {case.operation}")


def onnx_work(case):
    import numpy
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper
    if case.direction != "forward":
        raise Absent("no derivatives")
    operator, attributes, parameters = onnx_node(case)
    generator = numpy.random.default_rng(0)
    tensors = {f"p{i}": abs(generator.standard_normal(shape, dtype=numpy.float32)) for i, shape in enumerate(parameters)}
    names = ["x", *tensors]
    if operator == "Resize":
        tensors["sizes"] = numpy.array([*case.shapes[0][:2], case.settings["r"], case.settings["c"]], dtype=numpy.int64)
        names = ["x", "", "", "sizes"]
    graph = helper.make_graph(
        [helper.make_node(operator, names, ["y"], **attributes)], "operation",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, case.shapes[0])], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(tensor, name) for name, tensor in tensors.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    x = {"x": generator.standard_normal(case.shapes[0], dtype=numpy.float32)}
    return lambda: session.run(None, x)


# MARK: Lines

PEERS = {"torch": (torch_work, ["torch"]), "onnxruntime": (onnx_work, ["onnxruntime", "onnx"])}


def main():
    peer, seconds, series, *names = sys.argv[1:]
    work, packages = PEERS[peer]
    versions = {package: metadata.version(package) for package in packages}
    for name in names:
        line = {"workload": "operations", "peer": peer, "case": name, "dtype": "float32", "threads": THREADS, "versions": versions}
        try:
            line |= {"status": "ok", **measure(work(Case.of(name)), float(seconds), int(series))}
        except Absent as reason:
            line |= {"status": "not_measured", "reason": str(reason)}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
