#!/usr/bin/env python3
"""Writes Tests/AttentionTests/Fixtures/Speech/timestamps.json: python3 scripts/make-speech-fixtures.py    (torch, transformers)

What transformers' rules for timestamps leave of random scores behind random texts of Whisper, how it cuts texts at their timestamps, and when tokens were said
by random weights of heads. Token 1 ends
a text, 9 says that no timestamps are wanted, 10 … 59 are the moments from 0 on.
"""
import json, os, torch, transformers
from transformers import GenerationConfig
from transformers.generation.logits_process import WhisperTimeStampLogitsProcessor
from transformers.models.whisper.generation_whisper import WhisperGenerationMixin, _dynamic_time_warping, _median_filter

PATH = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionTests", "Fixtures", "Speech", "timestamps.json")
VOCABULARY, END, PLAIN, FIRST = 60, 1, 9, 10
torch.manual_seed(5)
config = GenerationConfig(eos_token_id=END, no_timestamps_token_id=PLAIN, max_initial_timestamp_index=6)
processor = WhisperTimeStampLogitsProcessor(config, begin_index=1)


def text():
    """Pairs of moments around words, cut off somewhere."""
    tokens, moment = [], 0
    for _ in range(int(torch.randint(0, 4, (1,)))):
        moment += int(torch.randint(0, 4, (1,)))
        tokens.append(FIRST + moment)
        tokens += torch.randint(3, 8, (int(torch.randint(1, 4, (1,))),)).tolist()
        moment += int(torch.randint(1, 5, (1,)))
        tokens.append(FIRST + moment)
    return tokens[:int(torch.randint(0, len(tokens) + 1, (1,)))]


rules = []
for number in range(40):
    tokens = text()
    scores = torch.randn(1, VOCABULARY) * (1 if number % 2 else 4)
    scores = (scores * 100).round() / 100
    left = processor(torch.tensor([[2] + tokens]), scores.clone())[0]
    rules.append({"tokens": tokens, "scores": [round(s, 2) for s in scores[0].tolist()], "allowed": [i for i, s in enumerate(left.tolist()) if s > float("-inf")]})

cuts = []
for number in range(40):
    tokens = text()
    if not tokens:
        continue
    segments, advance = WhisperGenerationMixin._retrieve_segment(
        seek_sequence=torch.tensor(tokens), seek_outputs=[torch.tensor(tokens)], time_offset=torch.zeros(1, dtype=torch.float64), timestamp_begin=FIRST,
        seek_num_frames=torch.tensor([100]), time_precision=1.0, time_precision_features=0.5, input_stride=2, prev_idx=0, idx=0, return_token_timestamps=False,
        decoder_input_ids=torch.zeros(1, 0, dtype=torch.long))
    cuts.append({"tokens": tokens, "advance": int(advance),
                 "stretches": [{"start": int(s["start"]), "end": int(s["end"]), "tokens": s["tokens"].tolist()} for s in segments]})
times = []
for heads, tokens, moments, width in [(1, 1, 5, 7), (1, 4, 3, 7), (2, 3, 9, 3), (3, 6, 20, 7), (2, 8, 8, 5), (1, 5, 1, 7), (4, 12, 40, 7)]:
    path = torch.arange(moments)[None] - torch.linspace(0, moments, tokens)[:, None]
    weights = (torch.randn(heads, tokens, moments) - 0.02 * path**2).softmax(-1)
    weights = (weights * 10000).round() / 10000
    clear = (weights - weights.mean(-2, keepdim=True)) / weights.std(-2, keepdim=True, unbiased=False)
    clear = _median_filter(clear.nan_to_num(0, 0, 0)[None], width)[0].mean(0)  # transformers has no number where all tokens have the same weight
    texts, columns = _dynamic_time_warping(-clear.double().numpy())
    times.append({"heads": [[round(w, 4) for w in head.flatten().tolist()] for head in weights], "tokens": tokens, "moments": moments, "width": width,
                  "ends": [int(min(c for t, c in zip(texts, columns) if t == token)) for token in range(tokens)]})
os.makedirs(os.path.dirname(PATH), exist_ok=True)
with open(PATH, "w") as file:
    file.write('{"writer": "scripts/make-speech-fixtures.py with transformers %s", "rules": [\n%s\n], "cuts": [\n%s\n], "times": [\n%s\n]}\n' % (
        transformers.__version__, ",\n".join(map(json.dumps, rules)), ",\n".join(map(json.dumps, cuts)), ",\n".join(map(json.dumps, times))))
