#!/usr/bin/env python3
"""Writes Tests/AttentionTests/Fixtures/trace-weights.json: what `TraceWeights` is of a small encoder, by PyTorch.

    python scripts/make-trace-weights-fixture.py

value-weighted is the norm of what each head writes for each pair, by the maps of the model; gradient is max(0, a da) with the gradient of
<h_i, h_i0> / <h_i0, h_i0> for row i, by autograd through the attention probabilities. Made with torch and transformers as they are installed.
"""
import json
import pathlib
import torch
from transformers import AutoModel, AutoTokenizer

fixtures = pathlib.Path(__file__).parent.parent / "Tests/AttentionTests/Fixtures"
folder = fixtures / "Tasks/vectors"
text = "The cat sleeps."
model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
inputs = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
heads, states = model.config.num_attention_heads, []
for layer in model.encoder.layer:
    layer.attention.self.value.register_forward_hook(lambda module, given, value: states.append(value.detach()[0]))
found = model(**inputs, output_attentions=True)
hidden, weights = found.last_hidden_state[0], found.attentions
outcomes = (hidden * hidden.detach()).sum(1) / (hidden.detach() ** 2).sum(1)
gradients = [torch.autograd.grad(outcome, weights, retain_graph=True) for outcome in outcomes]
valued, graded = [], []
for number, layer in enumerate(model.encoder.layer):
    shares = weights[number][0].detach()
    size = shares.shape[-1]
    value = states[number].view(size, heads, -1)
    output = layer.attention.output.dense.weight.detach()
    output = output.view(output.shape[0], heads, -1)
    written = torch.einsum("khd,mhd->hkm", value, output).norm(dim=2)
    valued.append((shares * written[:, None]).tolist())
    rows = torch.stack([gradients[row][number][0][:, row] for row in range(size)], 1)
    graded.append((shares * rows).clamp(min=0).tolist())
answer = {"text": text, "value-weighted": valued, "gradient": graded}
(fixtures / "trace-weights.json").write_text(json.dumps(answer))
