#!/usr/bin/env python3
"""Makes the folders of Tests/AttentionModelsTests/Fixtures/Tuning from those of Fixtures/Pretrained:

- `gradients`: the cross-entropy of BERT's classes and its derivatives with respect to every parameter, by PyTorch in double precision.
- `adapters-on-classes`, `adapters-on-backbone`: low-rank adapters as PEFT saves them, and the logits of the model with them. The first are for a model that has
  its head, with rank-stabilised scaling; the second bring a head of five classes with them.

    python3 scripts/make-tuning-fixtures.py        (torch, transformers, peft, safetensors)
"""
import json, os, shutil, torch, transformers, peft
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import BertForSequenceClassification

TESTS = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionModelsTests", "Fixtures")
PRETRAINED, ROOT = os.path.join(TESTS, "Pretrained"), os.path.join(TESTS, "Tuning")
VERSIONS = {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}


def new(name):
    folder = os.path.join(ROOT, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    json.dump(VERSIONS, open(os.path.join(folder, "case.json"), "w"))
    return folder


folder, base = new("gradients"), os.path.join(PRETRAINED, "bert-classes")
inputs = load_file(os.path.join(base, "inputs.safetensors"))
model = BertForSequenceClassification.from_pretrained(base, attn_implementation="eager").double().eval()
loss = torch.nn.functional.cross_entropy(model(**inputs).logits, torch.tensor([2, 0, 1]), reduction="sum")
loss.backward()
save_file({name: p.grad.float().contiguous() for name, p in model.named_parameters()} | {"loss": loss.detach().float().reshape(1)},
          os.path.join(folder, "expected.safetensors"))

for seed, (name, base, count, settings) in enumerate([
    ("adapters-on-classes", "bert-classes", 3, dict(r=3, lora_alpha=6, target_modules=["query", "value", "output.dense"], use_rslora=True)),
    ("adapters-on-backbone", "bert", 5, dict(r=2, lora_alpha=8, target_modules=["query", "key"], modules_to_save=["classifier"])),
]):
    folder, base = new(name), os.path.join(PRETRAINED, base)
    model = BertForSequenceClassification.from_pretrained(base, num_labels=count, attn_implementation="eager")
    model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", **settings)).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.copy_(0.5 * torch.randn(parameter.shape, generator=generator))
    model.save_pretrained(folder)
    os.remove(os.path.join(folder, "README.md"))
    file = os.path.join(folder, "adapter_config.json")
    json.dump(json.load(open(file)) | {"base_model_name_or_path": "../../Pretrained/" + os.path.basename(base)}, open(file, "w"), indent=2)
    inputs = load_file(os.path.join(base, "inputs.safetensors"))
    with torch.no_grad():
        save_file({"logits": model.double()(**inputs).logits.float()}, os.path.join(folder, "expected.safetensors"))
