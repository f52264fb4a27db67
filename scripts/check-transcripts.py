#!/usr/bin/env python3
"""Holds `attend transcribe` against transformers' greedy search on WAV files, and both against what was said.

    python3 scripts/check-transcripts.py MODEL LIST.tsv [LIST.tsv …] [--attend PROGRAM] [--json OUT.json] [--timestamps] [--words] [--beam N]

LIST.tsv has a header and the columns file (beside it, 16-bit mono WAV), seconds, transcript. Needs torch, transformers, numpy. Counts the files of
which the tokens, and of which the texts are the same, and the word error rate of both: words in lower case without punctuation.
With --words also how far the times of words are
from those that transformers finds by the same heads. Ends with 1 if a text differs.
"""
import argparse, json, os, re, subprocess, sys, wave
import numpy as np, torch
from transformers.models.whisper.tokenization_whisper import _combine_tokens_into_words
from transformers import WhisperFeatureExtractor, WhisperForConditionalGeneration, WhisperTokenizerFast


def resample(x, rate, to=16000, zeros=64, rolloff=0.9475937167399596, beta=14.769656459379492):
    """The definition of torchaudio.functional.resample with the filter that librosa calls kaiser_best, in double precision."""
    divisor = np.gcd(rate, to)
    rate, to = rate // divisor, to // divisor
    if rate == to:
        return x
    b = rolloff * min(rate, to)
    reach = zeros * rate / b
    m = np.arange(-(-len(x) * to // rate))
    first, y = np.ceil(m * rate / to - reach).astype(int), np.zeros(len(m))
    for j in range(2 * int(np.ceil(reach)) + 1):
        k = first + j
        s = (k / rate - m / to) * b
        window = np.i0(beta * np.sqrt(np.clip(1 - (s / zeros) ** 2, 0, 1))) / np.i0(beta) * (np.abs(s) < zeros)
        y += np.where((k >= 0) & (k < len(x)), x[np.clip(k, 0, len(x) - 1)], 0) * np.sinc(s) * window * b / rate
    return y.astype("f4")


def words(text):
    return re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("mr.", "mister").replace("-", " ")).split()


def errors(said, heard):
    """Words that must be put in, left out or exchanged."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("model"); parser.add_argument("lists", nargs="+"); parser.add_argument("--attend", default=".build/release/attend")
parser.add_argument("--json"); parser.add_argument("--timestamps", action="store_true"); parser.add_argument("--words", action="store_true"); parser.add_argument("--beam", type=int, default=1)
arguments = parser.parse_args()
cases = []
for path in arguments.lists:
    with open(path) as file:
        for line in file.read().splitlines()[1:]:
            name, _, transcript = line.split("\t")
            cases.append((os.path.join(os.path.dirname(path), name), transcript))
options = ["--json", "--temperature", "0", "--no-speech", "1", "--beam", str(arguments.beam)] + ["--timestamps"] * arguments.timestamps + ["--words"] * arguments.words
run = subprocess.run([arguments.attend, "transcribe", "--model", arguments.model, *options, *(path for path, _ in cases)], capture_output=True, text=True)
if run.returncode:
    sys.exit(run.stderr)
found = [json.loads(line) for line in run.stdout.splitlines()]
torch.set_num_threads(1)
model = WhisperForConditionalGeneration.from_pretrained(arguments.model, dtype=torch.float32).eval()
tokenizer, extractor = WhisperTokenizerFast.from_pretrained(arguments.model), WhisperFeatureExtractor.from_pretrained(arguments.model)
moments = model.generation_config.no_timestamps_token_id + 1
shifts, otherWords = [], 0
rows, sameTokens, sameTexts, said, wrong = [], 0, 0, 0, [0, 0]
for (path, transcript), own in zip(cases, found, strict=True):
    with wave.open(path) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype("f4") / 32768
        samples = resample(samples, file.getframerate())
    features = extractor(samples, sampling_rate=16000, return_tensors="pt").input_features
    with torch.no_grad():
        more = {"return_token_timestamps": True, "return_dict_in_generate": True, "num_frames": torch.tensor([len(samples) // 160])} if arguments.words else {}
        output = model.generate(features, num_beams=arguments.beam, do_sample=False, return_timestamps=arguments.timestamps, **more)
        ids = (output["sequences"] if arguments.words else output)[0].tolist()
    reference = [i for i in ids if i not in model.generation_config.suppress_tokens and i not in (tokenizer.eos_token_id, moments - 1)]
    text = tokenizer.decode([i for i in reference if i < moments], skip_special_tokens=True).strip()
    tokens = [i for segment in own["segments"] for i in segment["tokens"]]
    sameTokens += tokens == reference
    if arguments.words and tokens == reference:
        times = output["token_timestamps"][0].tolist()
        places = [place for place, i in enumerate(ids) if i in set(tokens) and i < moments]
        texts, _, groups = _combine_tokens_into_words(tokenizer, [ids[place] for place in places], "english")
        own = dict(own, words=[word for segment in own["segments"] for word in segment["words"]])
        otherWords += [word["word"].strip() for word in own["words"]] != [text.strip() for text in texts]
        for word, group in zip(own["words"], groups):
            begin, end = places[group[0]], places[group[-1]]
            shifts += [abs(word["start"] - (times[begin - 1] if begin > 0 else 0)), abs(word["end"] - times[end])]
    sameTexts += own["text"] == text
    said += len(words(transcript))
    wrong = [wrong[0] + errors(words(transcript), words(own["text"])), wrong[1] + errors(words(transcript), words(text))]
    rows.append({"file": os.path.basename(path), "said": transcript, "attend": own["text"], "transformers": text, "sameTokens": tokens == reference})
    if own["text"] != text or tokens != reference:
        print(f"{path}\n    attend       {own['text']!r} {tokens}\n    transformers {text!r} {reference}")
print(f"{len(cases)} files: {sameTokens} with the same tokens, {sameTexts} with the same text; {said} words, wrong: attend {wrong[0]} "
      f"({100 * wrong[0] / said:.2f} %), transformers {wrong[1]} ({100 * wrong[1] / said:.2f} %)")
if arguments.words:
    shifts.sort()
    print(f"{len(shifts) // 2} words, {otherWords} files cut into other words; beginnings and ends apart: median {shifts[len(shifts) // 2]:.3f} s, "
          f"at most {shifts[-1]:.3f} s, {100 * sum(s <= 0.2 for s in shifts) / len(shifts):.1f} % within 0.2 s")
if arguments.json:
    json.dump(rows, open(arguments.json, "w"), indent=1)
sys.exit(sameTexts < len(cases))
