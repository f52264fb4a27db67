"""Writes Tests/Fixtures/Safetensors: python3 scripts/make-safetensors-fixtures.py

Needs safetensors and torch (made with safetensors 0.8.0 and torch 2.15.0; nothing is random).
"""

import pathlib

import torch
from safetensors.torch import save

folder = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "Safetensors"
folder.mkdir(parents=True, exist_ok=True)

reals = [[0.0, -0.0, 1.0, -1.5], [3.140625, 2.0**-14, 40960.0, float("inf")]]
tensors = {
    "f64": torch.tensor(reals, dtype=torch.float64),
    "f32": torch.tensor(reals, dtype=torch.float32),
    "f16": torch.tensor(reals, dtype=torch.float16),
    "bf16": torch.tensor(reals, dtype=torch.bfloat16),
    "i64": torch.tensor([0, -1, 2**62, -(2**63)], dtype=torch.int64),
    "i32": torch.tensor([[0, -1], [2**31 - 1, -(2**31)]], dtype=torch.int32),
    "i16": torch.tensor([[0], [-1], [2**15 - 1], [-(2**15)]], dtype=torch.int16),
    "i8": torch.tensor([[0, -1, 127, -128]], dtype=torch.int8),
    "u8": torch.tensor([0, 1, 127, 255], dtype=torch.uint8),
    "bool": torch.tensor([[True], [False], [True]]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(3, 0),
    'a "name" \\ é 🙂': torch.tensor([7], dtype=torch.uint8),
}
notes = {"plain": "text", "escapes": 'line\nquote " backslash \\ tab \t bell \x07', "unicode": "é 🙂"}
(folder / "every-type.safetensors").write_bytes(save(tensors, metadata=notes))
(folder / "nothing.safetensors").write_bytes(save({}))
