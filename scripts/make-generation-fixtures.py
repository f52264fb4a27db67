#!/usr/bin/env python3
"""Makes Tests/AttentionTests/Fixtures/Tasks/continuations: a tiny language model with a tokenizer, what transformers writes with it behind
a few texts, and how likely it finds them.

    python3 scripts/make-generation-fixtures.py        (torch, transformers, tokenizers)
"""
import json, os, shutil, torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

FOLDER = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionTests", "Fixtures", "Tasks", "continuations")
TEXTS = ["The cat sleeps", "A naïve café — 東京", "sun"]
shutil.rmtree(FOLDER, ignore_errors=True)
os.makedirs(FOLDER)
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(["The cat sleeps on the mat. The sun sets. " * 3], trainers.BpeTrainer(
    vocab_size=280, special_tokens=["<end>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>")
tokenizer.save_pretrained(FOLDER)
model = GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), n_embd=8, n_layer=2, n_head=2, n_positions=64, bos_token_id=0, eos_token_id=0)).eval()
generator = torch.Generator().manual_seed(4)
with torch.no_grad():
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.copy_(1 + 0.3 * noise if "ln" in name and name.endswith("weight") else 0.2 * noise if parameter.dim() == 1
                        else noise * 1.1 / parameter.shape[-1] ** 0.5)
model.save_pretrained(FOLDER)
answers = []
for text in TEXTS:
    ids = torch.tensor([tokenizer(text)["input_ids"]])
    out = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=GenerationConfig(
        max_new_tokens=12, eos_token_id=0, pad_token_id=0, do_sample=False))[0, ids.shape[1]:].tolist()
    with torch.no_grad():
        shares = model(ids).logits[0].double().log_softmax(-1)
    answers.append(dict(text=text, ids=ids[0].tolist(), tokens=out, written=tokenizer.decode(out, skip_special_tokens=True),
                        log_probabilities=[float(shares[i, token]) for i, token in enumerate(ids[0, 1:].tolist())]))
json.dump(answers, open(os.path.join(FOLDER, "answers.json"), "w"), indent=1, ensure_ascii=False)
