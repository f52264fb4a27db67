"""Which peers do the same work, in which kinds of precision, and how much faster we want to be."""
import importlib.util
import shutil
from typing import NamedTuple

# What lines call a precision -> what stands in one row: what is made of float32 tensors in the call, and of such numbers from the start.
KINDS = {"float32": "float32", "bf16math": "bfloat16", "bfloat16": "bfloat16", "int8dyn": "int8", "int8": "int8",
         "q8_0": "int8"}
# A kind of precision -> what `AttentionBenchmarks --precision` calls it.
OURS = {"float32": "float32", "bfloat16": "bfloat16", "int8": "int8"}


class Peer(NamedTuple):
    name: str  # as the workload's file calls it
    packages: tuple
    kinds: tuple

    def missing(self):
        """Why it cannot run here; None if it can."""
        absent = [name for name in self.packages if importlib.util.find_spec(name) is None]
        if absent:
            return "not installed: " + ", ".join(absent)
        if "compile" in self.name and not any(map(shutil.which, ("g++", "clang++"))):
            return "torch.compile needs a C++ compiler"
        return None


def peers(packages, names, kinds):
    return [Peer(name, tuple(packages.split()), tuple(kinds.split())) for name in names.split()]


PEERS = {
    "gemm": peers("torch", "torch", "float32 bfloat16 int8")
    + peers("torch", "torch-compile-frozen", "float32 bfloat16")
    + peers("torch", "torch-dynquant", "int8")
    + peers("numpy", "numpy", "float32")
    + peers("onnx onnxruntime", "onnxruntime", "float32 int8")
    + peers("openvino", "openvino", "float32 bfloat16"),
    "sdpa": peers("torch", "torch-sdpa torch-sdpa-floatmask torch-chunked torch-flex-compiled", "float32 bfloat16")
    + peers("openvino", "openvino", "float32 bfloat16")
    + peers("onnx onnxruntime", "onnxruntime", "float32"),
    "additive": peers("torch", "torch-eager torch-eager+malloc torch-compile torch-compile+malloc", "float32 bfloat16"),
    "train_transformer": peers(
        "torch", "torch-lean-f32 torch-lean-f32+malloc torch-lean-compile-f32 torch-lean-compile-f32+malloc", "float32")
    + peers(
        "torch", "torch-lean-bf16math torch-lean-bf16 torch-lean-bf16+malloc torch-lean-compile-bf16math "
        "torch-lean-compile-bf16 torch-lean-compile-bf16+malloc", "bfloat16"),
    "train_rnn": peers("torch", "torch-f32 torch-f32+malloc torch-compile-f32 torch-compile-f32+malloc", "float32")
    + peers("torch", "torch-bf16math torch-bf16 torch-compile-bf16", "bfloat16"),
    "embed": peers(
        "torch transformers sentence_transformers",
        "sentence-transformers-f32 torch-f32 torch-compile-f32", "float32")
    + peers("torch transformers", "torch-bf16", "bfloat16")
    + peers("onnx onnxruntime", "onnxruntime-f32 onnxruntime-fused-f32 onnxruntime-fused-2x1-f32", "float32")
    + peers("onnx onnxruntime", "onnxruntime-int8 onnxruntime-fused-int8 onnxruntime-fused-2x1-int8", "int8")
    + peers("ctranslate2", "ctranslate2-f32 ctranslate2-2x1-f32", "float32")
    + peers("ctranslate2", "ctranslate2-int8 ctranslate2-2x1-int8", "int8")
    + peers("openvino", "openvino-f32 openvino-2x1-f32", "float32")
    + peers("openvino", "openvino-bf16 openvino-2x1-bf16", "bfloat16")
    + peers("openvino nncf", "openvino-int8 openvino-2x1-int8", "int8"),
    "generate": peers("torch transformers", "transformers-loop-f32 torch-hand-f32", "float32")
    + peers("torch transformers", "transformers-loop-bf16 torch-hand-bf16", "bfloat16")
    + peers("ctranslate2", "ctranslate2-f32", "float32")
    + peers("ctranslate2", "ctranslate2-int8", "int8")
    + peers("llama_cpp gguf", "llama.cpp-f32", "float32")
    + peers("llama_cpp gguf", "llama.cpp-bf16 llama.cpp-fa-bf16", "bfloat16")
    + peers("llama_cpp gguf", "llama.cpp-q8_0 llama.cpp-fa-q8_0", "int8"),
    "t5": peers("torch transformers", "transformers-loop-f32", "float32")
    + peers("torch transformers", "transformers-loop-bf16", "bfloat16")
    + peers("ctranslate2", "ctranslate2-f32", "float32")
    + peers("ctranslate2", "ctranslate2-int8", "int8"),
    "translate": peers("torch transformers", "transformers-f32", "float32")
    + peers("torch transformers", "transformers-bf16", "bfloat16")
    + peers("ctranslate2", "ctranslate2-f32 ctranslate2-2x1-f32", "float32")
    + peers("ctranslate2", "ctranslate2-int8 ctranslate2-2x1-int8", "int8"),
    "memory": peers("torch", "torch-sdpa/float32/full torch-sdpa/float32/causal", "float32")
    + peers("torch", "torch-sdpa/bfloat16/full torch-sdpa/bfloat16/causal", "bfloat16"),
    "operations": peers("torch", "torch", "float32") + peers("onnx onnxruntime", "onnxruntime", "float32"),
}


def gemm_target(case, kind):
    shape, _, size = case.partition("-")
    rows = int(size.split("x")[0])
    if shape == "square":
        return {"float32": 2.5, "bfloat16": 1.1, "int8": 1.0}[kind] if rows >= 512 else None
    return {"float32": 2.5, "bfloat16": 1.1, "int8": 1.0}[kind] if rows >= 128 else 1.0


def sdpa_target(case, kind):
    if case.startswith("window"):
        return {"float32": 4.0, "bfloat16": 2.0}[kind]
    if case.startswith(("decode", "gqa")):
        return 1.5
    if "l128" in case:
        return None
    return 2.5 if kind == "float32" else 1.5 if case.endswith("forward") else 2.0


def needs_tiles(workload, case):
    """Whether the float32 target counts on products of split numbers in tiles."""
    if workload == "gemm":
        return not case.startswith(("linear-1x", "linear-8x"))
    return workload == "train_transformer" or workload == "sdpa" and not case.startswith(("decode", "gqa"))


def target(workload, case, kind, quantity):
    """How many times less (of time, or of memory) than the best peer we want to need; None where nothing is asked."""
    if workload == "gemm":
        return gemm_target(case, kind)
    if workload == "sdpa":
        return sdpa_target(case, kind)
    if workload == "additive":
        return 3.0 if quantity == "time" else 5.0
    if workload == "embed":
        return {"float32": 1.5, "bfloat16": None, "int8": 1.2 if case == "batch32" else 1.5}[kind]
    if workload == "generate":
        return 2.0 if case.startswith("prefill") else 1.0
    if workload in ("t5", "translate"):
        return 1.2
    if workload == "train_transformer":
        return 1.5 if kind == "bfloat16" else 2.5 if case == "tiny" else 2.0
    return {"train_rnn": 2.0, "memory": 1.0}.get(workload)
