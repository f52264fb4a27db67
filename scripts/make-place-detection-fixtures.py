#!/usr/bin/env python3
"""Makes the folder place-detr of Tests/AttentionModelsTests/Fixtures/Vision: a tiny network of detection_network.py with random weights, and what it
computes in double precision.

    python3 scripts/make-place-detection-fixtures.py    (torch, scipy, safetensors; the version stands in the folder's case.json)
"""
import json, os, torch
from safetensors.torch import save_file
from detection_network import PlaceDetector

folder = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionModelsTests", "Fixtures", "Vision", "place-detr")
os.makedirs(folder, exist_ok=True)
labels = ("round", "square", "oval")
model = PlaceDetector((8, 8), 2, 2, 2, 12, len(labels), 0.0, 0.2)
generator = torch.Generator().manual_seed(1)
# Biases and norms differ from 0 and 1, so that one that is missing or out of place shows.
for key, value in model.named_parameters():
    value.data = torch.randn(value.shape, generator=generator) * 0.4 + (1 if key.endswith("norm.weight") else 0)
save_file(dict(model.state_dict()), os.path.join(folder, "model.safetensors"))
config = dict(architectures=["PlaceDetrForObjectDetection"], model_type="place-detr", num_channels=3, hidden_sizes=[8, 8], encoder_layers=2,
              decoder_layers=2, num_attention_heads=2, intermediate_size=12, dropout=0.0, start_size=0.2,
              id2label={str(i): name for i, name in enumerate(labels)}, label2id={name: i for i, name in enumerate(labels)})
json.dump(config, open(os.path.join(folder, "config.json"), "w"), indent=2)
# Twelve by ten pixels are three by three places.
pixels = torch.randn(2, 3, 12, 10, generator=generator)
save_file(dict(pixel_values=pixels), os.path.join(folder, "inputs.safetensors"))
with torch.no_grad():
    found, encoded, seen, among, looked = model.eval().double()(pixels.double(), wanted=True)
outputs = {"logits": found[-1][0], "pred_boxes": found[-1][1], "encoder_last_hidden_state": encoded}
for index, (logits, boxes) in enumerate(found[:-1]):
    outputs |= {f"auxiliary_logits.{index}": logits, f"auxiliary_boxes.{index}": boxes}
for name, layers in (("encoder_attentions", seen), ("decoder_attentions", among), ("cross_attentions", looked)):
    outputs |= {f"{name}.{index}": weights for index, weights in enumerate(layers)}
save_file({key: value.float().contiguous() for key, value in outputs.items()}, os.path.join(folder, "expected.safetensors"))
json.dump({"class": config["architectures"][0], "seed": 1, "torch": torch.__version__}, open(os.path.join(folder, "case.json"), "w"))
