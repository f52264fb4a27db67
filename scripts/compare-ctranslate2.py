#!/usr/bin/env python3
"""Converts a translation model of ours to CTranslate2, and compares outputs and speed of both on the same lines.

    python3 scripts/compare-ctranslate2.py MODEL LINES.txt [--attend .build/release/attend] [--beam 5] [--threads 2] [--rounds 3]
                                           [--precision float32|int8]... [--keep FOLDER]

MODEL is a folder with a Transformer: sinusoidal positions, norms before the layers, parameters in float32 or bfloat16 (`attend model convert`
writes them). Both sides get the same lines as they are, unsplit and unguarded, keep as many hypotheses, and rank them by the sum of
log-probabilities, without a length penalty: theirs and ours are different formulas. Sides take turns; of each the best round counts. Ours is the
time of the process less that of the same process without lines, theirs the time of `translate_batch`. On a busy machine no figure means anything.

Needs numpy, ctranslate2 and tokenizers.
"""
import argparse
import json
import os
import subprocess
import tempfile
import time

import numpy as np



def read(path):
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header, data = json.loads(file.read(size)), file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        raw = data[slice(*entry["data_offsets"])]
        if entry["dtype"] == "BF16":
            values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        elif entry["dtype"] == "F32":
            values = np.frombuffer(raw, "<f4")
        else:
            raise SystemExit(f"{path}: expected bfloat16 or float32, found {entry['dtype']} in {name}; attend model convert writes them")
        tensors[name] = values.reshape(entry["shape"]).astype(np.float32)
    return tensors


def waves(count, size):
    """PE[p, 2i] = sin(p / 10000^(2i / size)), PE[p, 2i + 1] = cos(the same)."""
    angles = np.arange(count)[:, None] / 10000.0 ** (2 * (np.arange(size) // 2)[None, :] / size)
    return np.where(np.arange(size) % 2 == 0, np.sin(angles), np.cos(angles)).astype(np.float32)


def converted(model):
    """The specification of CTranslate2 with the parameters of this folder, and the pieces by their ids."""
    from ctranslate2.specs import common_spec, transformer_spec

    with open(os.path.join(model, "config.json"), encoding="utf-8") as file:
        sizes = json.load(file)["transformer"]
    for name, wanted in (("normOrder", "pre"), ("positions", "sinusoidal"), ("attention", "scaled_dot"), ("crossNormalizer", "softmax"),
                         ("selfNormalizer", "softmax")):
        if sizes[name] != wanted:
            raise SystemExit(f"{model}: expected {name} {wanted}, which CTranslate2 knows, found {sizes[name]}")
    tensors = read(os.path.join(model, "model.safetensors"))
    activation = {"relu": common_spec.Activation.RELU, "gelu": common_spec.Activation.GELU}[sizes["activation"]]
    spec = transformer_spec.TransformerSpec.from_config(
        (sizes["encoderLayerCount"], sizes["decoderLayerCount"]), sizes["headCount"], pre_norm=True, activation=activation)

    def norm(target, name):
        target.gamma, target.beta = tensors[name + ".weight"], tensors[name + ".bias"]

    def linear(target, *names):
        target.weight = np.concatenate([tensors[name + ".weight"] for name in names])
        target.bias = np.concatenate([tensors[name + ".bias"] for name in names])

    def feed_forward(target, name):
        norm(target.layer_norm, name + "feed_forward_norm")
        linear(target.linear_0, name + "feed_forward.up")
        linear(target.linear_1, name + "feed_forward.down")

    def self_attention(target, name):
        norm(target.layer_norm, name + "self_attention_norm")
        linear(target.linear[0], *[f"{name}self_attention.{part}" for part in ("query", "key", "value")])
        linear(target.linear[1], name + "self_attention.output")

    embedding, size = tensors["embedding.weight"], sizes["modelSize"]
    spec.encoder.embeddings[0].weight = embedding
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = True
        side.position_encodings.encodings = waves(sizes["maximumLength"], size)
    norm(spec.encoder.layer_norm, "encoder_norm")
    norm(spec.decoder.layer_norm, "decoder_norm")
    for index, layer in enumerate(spec.encoder.layer):
        self_attention(layer.self_attention, f"encoder.{index}.")
        feed_forward(layer.ffn, f"encoder.{index}.")
    for index, layer in enumerate(spec.decoder.layer):
        name = f"decoder.{index}."
        self_attention(layer.self_attention, name)
        norm(layer.attention.layer_norm, name + "cross_attention_norm")
        linear(layer.attention.linear[0], name + "cross_attention.query")
        linear(layer.attention.linear[1], name + "cross_attention.key", name + "cross_attention.value")
        linear(layer.attention.linear[2], name + "cross_attention.output")
        feed_forward(layer.ffn, name)

    with open(os.path.join(model, "tokenizer.json"), encoding="utf-8") as file:
        tokenizer = json.load(file)
    ids = dict(tokenizer["model"]["vocab"])
    ids.update({token["content"]: token["id"] for token in tokenizer.get("added_tokens", [])})
    pieces = [f"<unused {index}>" for index in range(sizes["vocabularySize"])]
    for piece, index in ids.items():
        pieces[index] = piece
    start, end = pieces[sizes["special"]["start"]], pieces[sizes["special"]["end"]]
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = start, end, pieces[sizes["special"]["padding"]]
    spec.config.decoder_start_token = start
    spec.config.add_source_bos, spec.config.add_source_eos = False, True
    return spec, [start, end, pieces[sizes["special"]["padding"]]]


class Theirs:
    def __init__(self, folder, model, special, options):
        import ctranslate2
        import tokenizers

        self.folder, self.special, self.options, self.ctranslate2 = folder, special, options, ctranslate2
        self.tokenizer = tokenizers.Tokenizer.from_file(os.path.join(model, "tokenizer.json"))

    def run(self, lines, precision):
        translator = self.ctranslate2.Translator(
            self.folder, compute_type=precision, inter_threads=1, intra_threads=self.options.threads)
        began = time.perf_counter()
        tokens = [self.tokenizer.encode(line, add_special_tokens=False).tokens for line in lines]
        results = translator.translate_batch(
            tokens, beam_size=self.options.beam, length_penalty=0, max_batch_size=32, batch_type="examples",
            suppress_sequences=[[piece] for piece in (self.special[0], self.special[2])], max_decoding_length=256)
        texts = [
            self.tokenizer.decode([self.tokenizer.token_to_id(piece) for piece in result.hypotheses[0]]) for result in results]
        return texts, time.perf_counter() - began


class Ours:
    def __init__(self, model, options):
        self.model, self.options = model, options

    def run(self, lines, precision):
        return self._run(lines, precision)[0], self._run(lines, precision)[1] - self._run([], precision)[1]

    def _run(self, lines, precision):
        command = [
            self.options.attend, "translate", "--model", self.model, "--split", "none", "--no-guards", "--length-penalty", "0", "--beam",
            str(self.options.beam), "--threads", str(self.options.threads), "--precision", precision]
        began = time.perf_counter()
        output = subprocess.run(command, input="".join(line + "\n" for line in lines), capture_output=True, text=True, check=True).stdout
        return output.splitlines(), time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("lines")
    parser.add_argument("--attend", default=".build/release/attend")
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precision", action="append", choices=["float32", "int8"])
    parser.add_argument("--keep", help="leave the converted model there")
    options = parser.parse_args()
    with open(options.lines, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip()]
    words = sum(len(line.split()) for line in lines)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        spec, special = converted(options.model)
        spec.validate()
        spec.save(folder)
        sides = {"attend": Ours(options.model, options), "CTranslate2": Theirs(folder, options.model, special, options)}
        for precision in options.precision or ["float32", "int8"]:
            texts, best = {}, {}
            for _ in range(options.rounds):
                for name, side in sides.items():
                    texts[name], seconds = side.run(lines, precision)
                    best[name] = min(best.get(name, seconds), seconds)
            same = sum(ours == theirs for ours, theirs in zip(*texts.values()))
            print(f"{precision}: {len(lines)} lines of {words} words, beam {options.beam}, {options.threads} threads")
            for name in sides:
                print(f"  {name:12} {best[name]:8.2f} s  {words / best[name]:8.0f} words/s")
            print(f"  attend is {best['CTranslate2'] / best['attend']:.2f} times as fast; {same} of {len(lines)} translations are the same")


if __name__ == "__main__":
    main()
