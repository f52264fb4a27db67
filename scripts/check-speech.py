#!/usr/bin/env python3
"""Holds a folder that `attend train speech` left against transformers, which reads it.

    python3 scripts/check-speech.py FOLDER TABLE.tsv [--attend PROGRAM] [--batch 8]

TABLE.tsv has lines `file TAB text`, the files 16-bit WAV of one channel at the folder's rate, beside the table. Sounds stand in batches of different lengths, padded as the folder's
feature extractor pads them; told is how far the logits of `attend forward` are from those of `Wav2Vec2ForCTC` where there is sound, and the word error rate of transformers'
texts by the folder's tokenizer, to stand beside what `attend evaluate speech` says of the same table. Needs torch, transformers, safetensors and numpy. Ends with 1 if logits differ by
more than 1e-4 · (1 + |x|).
"""
import argparse, os, subprocess, sys, tempfile, unicodedata, wave
import numpy, torch
from safetensors.numpy import load_file, save_file
from transformers import AutoProcessor, Wav2Vec2ForCTC


def samples(path, rate):
    with wave.open(path) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (rate, 1, 2):
            sys.exit(f"{path}: expected one channel of 16 bits at {rate} Hz")
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype("f4") / 32768


def words(text):
    """Letters, marks, digits and apostrophes in lower case, as `attend evaluate speech` compares them."""
    text = unicodedata.normalize("NFC", text.lower())
    kept = [c for c in text if c.isspace() or c in "'’" or unicodedata.category(c) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}]
    return "".join(kept).split()


def errors(said, heard):
    """Words that must be put in, left out or exchanged."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("table")
    parser.add_argument("--attend", default=".build/release/attend")
    parser.add_argument("--batch", type=int, default=8)
    arguments = parser.parse_args()
    processor, model = AutoProcessor.from_pretrained(arguments.folder), Wav2Vec2ForCTC.from_pretrained(arguments.folder).eval()
    rate, place = processor.feature_extractor.sampling_rate, os.path.dirname(arguments.table)
    with open(arguments.table, encoding="utf-8") as file:
        cases = [line.rstrip("\r\n").split("\t") for line in file if line.strip()]
    worst, wrong, said = 0.0, 0, 0
    for start in range(0, len(cases), arguments.batch):
        batch = cases[start:start + arguments.batch]
        inputs = processor([samples(os.path.join(place, name), rate) for name, _ in batch], sampling_rate=rate, padding=True, return_tensors="pt")
        with torch.no_grad():
            expected = model(inputs.input_values, attention_mask=inputs.attention_mask).logits.numpy()
        counts = model._get_feat_extract_output_lengths(inputs.attention_mask.sum(1)).tolist()
        with tempfile.TemporaryDirectory() as scratch:
            given, found = (os.path.join(scratch, name) for name in ("in.safetensors", "out.safetensors"))
            save_file({"input_values": inputs.input_values.numpy(), "attention_mask": inputs.attention_mask.numpy().astype("i8")}, given)
            subprocess.run([arguments.attend, "forward", "--model", arguments.folder, "--inputs", given, "--outputs", found], check=True)
            logits = load_file(found)["logits"]
        for row, (count, (_, text)) in enumerate(zip(counts, batch)):
            difference = numpy.abs(logits[row, :count] - expected[row, :count]) / (1 + numpy.abs(expected[row, :count]))
            worst = max(worst, float(difference.max()))
            heard = processor.tokenizer.decode(expected[row, :count].argmax(-1))
            wrong, said = wrong + errors(words(text), words(heard)), said + len(words(text))
    print(f"{len(cases)} sounds: logits at most {worst:.1e} · (1 + |x|) apart; transformers' WER {wrong / max(1, said):.4f} of {said} words")
    return 0 if worst <= 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main())
