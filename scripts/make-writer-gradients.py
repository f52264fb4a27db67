#!/usr/bin/env python3
"""Makes Tests/AttentionModelsTests/Fixtures/Tuning/gradients-{gpt2,t5}: the loss of a tiny model on ids that are all real, as transformers computes it, and its
derivatives with respect to every parameter, by PyTorch in double precision.

    python3 scripts/make-writer-gradients.py        (torch, transformers, safetensors)
"""
import json, os, shutil, torch, transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

TESTS = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionModelsTests", "Fixtures")
for name, kind, base in [("gpt2", AutoModelForCausalLM, "Pretrained/gpt2"), ("t5", AutoModelForSeq2SeqLM, "EncoderDecoders/t5")]:
    folder = os.path.join(TESTS, "Tuning", "gradients-" + name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    json.dump({"torch": torch.__version__, "transformers": transformers.__version__}, open(os.path.join(folder, "case.json"), "w"))
    model = kind.from_pretrained(os.path.join(TESTS, base), attn_implementation="eager").double().eval()
    size = model.config.vocab_size
    ids = torch.tensor([[i * 5 % size for i in range(3, 9)], [i * 3 % size for i in range(4, 10)]])
    if name == "gpt2":
        logits, targets = model(input_ids=ids[:, :-1]).logits, ids[:, 1:]
    else:
        labels = torch.tensor([[7 % size, 4 % size, 1], [9 % size, 5 % size, 1]])
        logits, targets = model(input_ids=ids, labels=labels).logits, labels
    loss = torch.nn.functional.cross_entropy(logits.reshape(-1, size), targets.reshape(-1), reduction="sum")
    loss.backward()
    save_file({n: p.grad.float().contiguous() for n, p in model.named_parameters()} | {"loss": loss.detach().float().reshape(1)},
              os.path.join(folder, "expected.safetensors"))
    print(name, size, float(loss), len(list(model.named_parameters())), model.config.to_dict().get("decoder_start_token_id"))
