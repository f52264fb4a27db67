#!/usr/bin/env python3
"""Writes Tests/AttentionTests/Fixtures/score-parts.json: what the scores of a small encoder's last layer are made of, by PyTorch.

    python scripts/make-score-parts-fixture.py

Each summand of the residual stream is followed by itself, in double precision: through norms whose mean is taken of the summand and whose deviation
is that of the whole, through the output maps of single heads, into queries and keys. Made with torch and transformers as they are installed.
"""
import json
import pathlib
import torch
from transformers import AutoModel, AutoTokenizer


def score_parts(folder, text, layer, pair):
    """The names of the parts, and for each head of a layer the products [a][b] and the score of a pair of places."""
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").double().eval()
    inputs = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
    count = inputs["input_ids"].shape[1]
    heads = model.config.num_attention_heads
    table = model.embeddings
    parts = {
        "biases": torch.zeros(count, model.config.hidden_size, dtype=torch.double),
        "token": table.word_embeddings(inputs["input_ids"])[0],
        "position": table.position_embeddings(torch.arange(count)),
        "segment": table.token_type_embeddings(torch.zeros(count, dtype=torch.long)),
    }

    def normed(parts, norm):
        whole = sum(parts.values())
        deviation = (whole.var(dim=1, unbiased=False, keepdim=True) + norm.eps).sqrt()
        found = {name: (x - x.mean(dim=1, keepdim=True)) / deviation * norm.weight for name, x in parts.items()}
        found["biases"] = found["biases"] + norm.bias
        return found

    with torch.no_grad():
        parts = normed(parts, table.LayerNorm)
        for number in range(layer):
            block = model.encoder.layer[number]
            whole = sum(parts.values())
            split = lambda x: x.view(count, heads, -1).transpose(0, 1)
            query, key, value = (split(m(whole)) for m in (
                block.attention.self.query, block.attention.self.key, block.attention.self.value))
            context = (query @ key.transpose(1, 2) / query.shape[2] ** 0.5).softmax(dim=2) @ value
            output = block.attention.output.dense
            for head in range(heads):
                size = context.shape[2]
                parts[f"head {number + 1}.{head + 1}"] = context[head] @ output.weight[:, head * size:(head + 1) * size].T
            parts["biases"] = parts["biases"] + output.bias
            parts = normed(parts, block.attention.output.LayerNorm)
            whole = sum(parts.values())
            parts[f"feed-forward {number + 1}"] = block.output.dense(block.intermediate(whole))
            parts = normed(parts, block.output.LayerNorm)
        own = model.encoder.layer[layer].attention.self
        sides = []
        for place, map in zip(pair, (own.query, own.key)):
            rows = torch.stack([x[place] for x in parts.values()]) @ map.weight.T
            rows[0] += map.bias
            sides.append(rows.view(len(parts), heads, -1))
        products = torch.einsum("ahd,bhd->hab", *sides) / sides[0].shape[2] ** 0.5
        hidden = model(**inputs, output_hidden_states=True).hidden_states[layer][0]
        scores = torch.einsum(
            "hd,hd->h", own.query(hidden)[pair[0]].view(heads, -1), own.key(hidden)[pair[1]].view(heads, -1)
        ) / sides[0].shape[2] ** 0.5
    assert (products.sum(dim=(1, 2)) - scores).abs().max() < 1e-9
    return list(parts), products, scores


if __name__ == "__main__":
    fixtures = pathlib.Path(__file__).parent.parent / "Tests/AttentionTests/Fixtures"
    text, pair = "The cat sleeps.", (1, 3)
    names, products, scores = score_parts(fixtures / "Tasks/vectors", text, 1, pair)
    answer = {"text": text, "query": pair[0], "key": pair[1], "parts": names, "products": products.tolist(),
              "scores": scores.tolist()}
    (fixtures / "score-parts.json").write_text(json.dumps(answer) + "\n")
