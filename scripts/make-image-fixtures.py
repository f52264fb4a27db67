#!/usr/bin/env python3
"""Makes the folders cct-classes and cnn-*-classes of Tests/AttentionModelsTests/Fixtures/Vision: tiny networks of image_networks.py with random weights,
and what they compute in double precision.

    python3 scripts/make-image-fixtures.py    (torch, safetensors; the version stands in each folder's case.json)
"""
import json, os, torch
from safetensors.torch import save_file
from image_networks import CCT, AttentiveCNN

ROOT = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionModelsTests", "Fixtures", "Vision")
LABELS = {str(i): name for i, name in enumerate(("one", "two", "three"))}


def make(name, model, config, size):
    folder = os.path.join(ROOT, name)
    os.makedirs(folder, exist_ok=True)
    generator = torch.Generator().manual_seed(1)
    # Biases and norms differ from 0 and 1, so that one that is missing or out of place shows.
    for key, value in model.named_parameters():
        value.data = torch.randn(value.shape, generator=generator) * 0.4 + (1 if key.endswith("norm.weight") else 0)
    save_file(dict(model.state_dict()), os.path.join(folder, "model.safetensors"))
    config |= dict(num_channels=3, id2label=LABELS, label2id={v: int(k) for k, v in LABELS.items()})
    json.dump(config, open(os.path.join(folder, "config.json"), "w"), indent=2)
    pixels = torch.randn(2, 3, *size, generator=generator)
    save_file(dict(pixel_values=pixels), os.path.join(folder, "inputs.safetensors"))
    with torch.no_grad():
        logits, states, attentions = model.eval().double()(pixels.double())
    outputs = {"logits": logits} | {f"hidden_states.{i}": x for i, x in enumerate(states)} | {f"attentions.{i}": x for i, x in enumerate(attentions)}
    save_file({key: value.float().contiguous() for key, value in outputs.items()}, os.path.join(folder, "expected.safetensors"))
    json.dump({"class": config["architectures"][0], "seed": 1, "torch": torch.__version__}, open(os.path.join(folder, "case.json"), "w"))


make("cct-classes", CCT((7, 6), (3, 5, 8), 2, 2, 12, 3, 3),
     dict(architectures=["CCTForImageClassification"], model_type="cct", image_size=[7, 6], kernel_size=3, convolution_sizes=[5], hidden_size=8,
          num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, hidden_act="gelu", qkv_bias=False), (7, 6))
for kind, name in (("none", "plain"), ("squeeze_excitation", "se"), ("spatial", "spatial"), ("cbam", "cbam")):
    make(f"cnn-{name}-classes", AttentiveCNN((8, 16), kind, 4, 3, 3),
         dict(architectures=["AttentiveCNNForImageClassification"], model_type="attentive-cnn", image_size=[7, 6], hidden_sizes=[8, 16], attention=kind,
              reduction=4, kernel_size=3), (7, 6))
