"""Moves a translation model to another tokenizer, so that what it knows need not be learnt again.

    python3 scripts/transplant-model.py MODEL --tokenizer tokenizer.json --output FOLDER [--encoder-layers 5] [--seed 1]

MODEL is a folder of attend's (one vocabulary for both sides, no norm after the residuals). A piece that the old vocabulary has too
keeps its row of the embedding; any other gets the mean of the old pieces that spell it, longest first. Encoder layers that are added
stand between the old ones and begin as identities: what they write into the residual stream is zero. So apart from the pieces the new
model computes what the old one did. Train it with `attend train translation`.

Needs numpy.
"""

import argparse
import json
import os
import struct

import numpy as np


def read(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        raw = data[slice(*entry["data_offsets"])]
        if entry["dtype"] == "BF16":
            values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        elif entry["dtype"] == "F32":
            values = np.frombuffer(raw, "<f4")
        else:
            raise SystemExit(f"{path}: expected bfloat16 or float32, found {entry['dtype']} in {name}")
        tensors[name] = values.reshape(entry["shape"]).copy()
    return tensors


def write(path, tensors, metadata=None):
    header, offset, parts = {}, 0, []
    if metadata:
        header["__metadata__"] = metadata
    for name in sorted(tensors):
        raw = np.ascontiguousarray(tensors[name], "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [offset, offset + len(raw)]}
        parts.append(raw)
        offset += len(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def vocabulary(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["model"]["vocab"]


def spelling(piece, old):
    """The old pieces that spell `piece`, the longest first from the left; its bytes where there is none."""
    ids = []
    while piece:
        for length in range(len(piece), 0, -1):
            if piece[:length] in old:
                ids.append(old[piece[:length]])
                piece = piece[length:]
                break
        else:
            ids += [old[f"<0x{byte:02X}>"] for byte in piece[0].encode()]
            piece = piece[1:]
    return ids


def widened(tensors, old_count, new_count, random):
    """With more encoder layers: the old ones spread evenly, identities between them."""
    if new_count == old_count:
        return tensors
    places = [round(i * (new_count - 1) / max(1, old_count - 1)) for i in range(old_count)]
    result = {name: tensor for name, tensor in tensors.items() if not name.startswith("encoder.")}
    for old, place in enumerate(places):
        for name, tensor in tensors.items():
            if name.startswith(f"encoder.{old}."):
                result[name.replace(f"encoder.{old}.", f"encoder.{place}.", 1)] = tensor
    for place in set(range(new_count)) - set(places):
        for name, tensor in tensors.items():
            if not name.startswith("encoder.0."):
                continue
            kind = name.removeprefix("encoder.0.")
            if "norm" in kind:
                value = np.full(tensor.shape, 1.0 if kind.endswith("weight") else 0.0)
            elif kind.endswith("bias") or "output" in kind or "down" in kind:
                value = np.zeros(tensor.shape)
            else:
                bound = (6 / sum(tensor.shape)) ** 0.5
                value = random.uniform(-bound, bound, tensor.shape)
            result[f"encoder.{place}.{kind}"] = value.astype("f4")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--encoder-layers", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    with open(os.path.join(arguments.model, "config.json"), encoding="utf-8") as file:
        configuration = json.load(file)
    sizes = configuration["transformer"]
    tensors = read(os.path.join(arguments.model, "model.safetensors"))
    old, new = vocabulary(os.path.join(arguments.model, "tokenizer.json")), vocabulary(arguments.tokenizer)
    table = tensors["embedding.weight"]
    moved = np.zeros((max(new.values()) + 1, table.shape[1]), "f4")
    kept = 0
    for piece, index in new.items():
        kept += piece in old
        moved[index] = table[[old[piece]] if piece in old else spelling(piece, old)].mean(axis=0)
    tensors["embedding.weight"] = moved
    count = arguments.encoder_layers or sizes["encoderLayerCount"]
    tensors = widened(tensors, sizes["encoderLayerCount"], count, np.random.default_rng(arguments.seed))

    sizes["vocabularySize"], sizes["encoderLayerCount"] = len(moved), count
    configuration.pop("alignment", None)
    os.makedirs(arguments.output, exist_ok=True)
    write(os.path.join(arguments.output, "model.safetensors"), tensors)
    with open(os.path.join(arguments.output, "config.json"), "w", encoding="utf-8") as file:
        json.dump(configuration, file, indent=2)
    with open(arguments.tokenizer, "rb") as source, open(os.path.join(arguments.output, "tokenizer.json"), "wb") as target:
        target.write(source.read())
    print(f"{arguments.output}: {kept} of {len(new)} pieces kept, {count} encoder layers, {sum(t.size for t in tensors.values())} parameters")


if __name__ == "__main__":
    main()
