#!/usr/bin/env python3
"""Makes Server/Tests/AttentionServerTests/Fixtures/logprobs.json: answers of OpenAI's two routes that write, with logprobs, as they should be.

    pip install torch transformers
    scripts/make-logprobs-fixtures.py

The model is that of Tests/AttentionTests/Fixtures/Tasks/continuations; the probabilities are transformers' in float64, the form that of the API reference of OpenAI.
"""
import json
import os

import torch
import transformers

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, "Tests/AttentionTests/Fixtures/Tasks/continuations")
tokenizer = transformers.AutoTokenizer.from_pretrained(FOLDER)
model = transformers.AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float64).eval()


def written(prompt, count, alternatives):
    """The likeliest tokens behind a text: each as text, with ln P, and the likeliest at its place."""
    ids, texts, rows = tokenizer(prompt)["input_ids"], [], []
    start = len(ids)

    def text(token):
        before = tokenizer.decode(ids[start:], clean_up_tokenization_spaces=False)
        return tokenizer.decode(ids[start:] + [token], clean_up_tokenization_spaces=False)[len(before):]

    for _ in range(count):
        with torch.no_grad():
            values = model(torch.tensor([ids])).logits[0, -1].log_softmax(-1)
        best = values.topk(max(1, alternatives))
        token = int(best.indices[0])
        rows.append((text(token), float(values[token]), [(text(int(i)), float(v)) for i, v in zip(best.indices, best.values)][:alternatives]))
        ids.append(token)
    return rows, start


def usage(read, count):
    return {"prompt_tokens": read, "completion_tokens": count, "total_tokens": read + count}


def likeliest(entries):
    """Several tokens may be the same as text: the first counts."""
    found = {}
    for text, value in entries:
        found.setdefault(text, value)
    return found


def completion(prompt, count, alternatives):
    rows, read = written(prompt, count, alternatives)
    offsets = [sum(len(text) for text, _, _ in rows[:place]) for place in range(len(rows))]
    known = {
        "tokens": [text for text, _, _ in rows], "token_logprobs": [value for _, value, _ in rows],
        "top_logprobs": [likeliest([*best, (text, value)]) for text, value, best in rows],
        "text_offset": offsets,
    }
    choice = {"text": "".join(known["tokens"]), "index": 0, "logprobs": known, "finish_reason": "length"}
    return {"object": "text_completion", "model": "continuations", "choices": [choice], "usage": usage(read, count)}


def chat(prompt, count, alternatives):
    rows, read = written(prompt, count, alternatives)

    def entry(text, value):
        return {"token": text, "logprob": value, "bytes": None if "\ufffd" in text else list(text.encode())}

    content = [{**entry(text, value), "top_logprobs": [entry(*other) for other in best]} for text, value, best in rows]
    message = {"role": "assistant", "content": "".join(text for text, _, _ in rows), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": {"content": content, "refusal": None}, "finish_reason": "length"}
    return {"object": "chat.completion", "model": "continuations", "choices": [choice], "usage": usage(read, count)}


answers = {
    "completion": completion("The cat sleeps", 6, 3), "completion without alternatives": completion("The cat sleeps", 6, 0),
    "chat": chat("user: Hello\nassistant:", 6, 2),
}
with open(os.path.join(ROOT, "Server/Tests/AttentionServerTests/Fixtures/logprobs.json"), "w", encoding="utf-8") as file:
    json.dump(answers, file, indent=1, ensure_ascii=False)
    file.write("\n")
