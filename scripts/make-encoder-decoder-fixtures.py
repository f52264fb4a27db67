#!/usr/bin/env python3
"""Makes the folders of Tests/AttentionModelsTests/Fixtures/EncoderDecoders: tiny models with random weights and what transformers computes with them.

    python3 scripts/make-encoder-decoder-fixtures.py [NAME…]    (torch, transformers, safetensors; versions stand in each folder's case.json)

Weights are larger than real ones, biases and norms differ from 0 and 1, so that one that is missing or out of place shows.
"""
import json, os, shutil, sys, torch, transformers
from safetensors.torch import save_file
from transformers import *

ROOT = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionModelsTests", "Fixtures", "EncoderDecoders")
T5_SIZES = dict(vocab_size=30, d_model=8, d_kv=3, d_ff=12, num_layers=2, num_decoder_layers=2, num_heads=2, relative_attention_num_buckets=4,
                relative_attention_max_distance=6, decoder_start_token_id=0)
BART_SIZES = dict(vocab_size=30, d_model=8, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=4,
                  encoder_ffn_dim=12, decoder_ffn_dim=10, max_position_embeddings=16, pad_token_id=1, bos_token_id=0, eos_token_id=2,
                  decoder_start_token_id=2)
ENCODER_DECODERS = {
    "t5": (T5ForConditionalGeneration, T5Config(**T5_SIZES)),
    "t5-gated": (T5ForConditionalGeneration, T5Config(**T5_SIZES, feed_forward_proj="gated-gelu", tie_word_embeddings=False)),
    "t5-encoder": (T5EncoderModel, T5Config(**T5_SIZES, feed_forward_proj="gated-gelu")),
    "mt5": (MT5ForConditionalGeneration, MT5Config(**T5_SIZES, feed_forward_proj="gated-gelu", tie_word_embeddings=False)),
    "bart": (BartForConditionalGeneration, BartConfig(**BART_SIZES)),
    "bart-model": (BartModel, BartConfig(**BART_SIZES)),
    "bart-classes": (BartForSequenceClassification, BartConfig(**BART_SIZES, num_labels=3)),
    "mbart": (MBartForConditionalGeneration, MBartConfig(**BART_SIZES, scale_embedding=True)),
    "pegasus": (PegasusForConditionalGeneration, PegasusConfig(**BART_SIZES, scale_embedding=True)),
    "marian": (MarianMTModel, MarianConfig(**dict(BART_SIZES, pad_token_id=29, eos_token_id=0, decoder_start_token_id=29), scale_embedding=True,
                                           activation_function="swish")),
    "m2m_100": (M2M100ForConditionalGeneration, M2M100Config(**BART_SIZES, scale_embedding=True)),
}


def randomise(model, generator):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name.lower() and name.endswith("weight"):
                parameter.copy_(1 + 0.3 * noise)
            elif parameter.dim() == 1:
                parameter.copy_(0.2 * noise)
            else:
                parameter.copy_(noise * 1.1 / parameter.shape[-1] ** 0.5)


def make(name, model_class, config, seed):
    folder = os.path.join(ROOT, name)
    shutil.rmtree(folder, ignore_errors=True)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    if hasattr(model, "final_logits_bias"):
        model.final_logits_bias.copy_(0.3 * torch.randn(model.final_logits_bias.shape, generator=generator))
    if name in ("pegasus", "marian"):  # computed, not learnt, though a parameter
        for side in (model.model.encoder, model.model.decoder):
            with torch.no_grad():
                side.embed_positions.weight.copy_(side.embed_positions.create_weight())
    model.save_pretrained(folder)
    ids = torch.randint(5, 28, (3, 7), generator=generator)
    mask = torch.ones_like(ids)
    for row, length in ((0, 7), (1, 4), (2, 1)):
        ids[row, length - 1] = config.eos_token_id
        ids[row, length:], mask[row, length:] = config.pad_token_id, 0
    inputs = dict(input_ids=ids, attention_mask=mask)
    if "classes" not in name and "encoder" not in name:
        target = torch.randint(5, 28, (3, 5), generator=generator)
        target[:, 0] = config.decoder_start_token_id
        target_mask = torch.ones_like(target)
        target[1, 3:], target_mask[1, 3:] = config.pad_token_id, 0
        inputs |= dict(decoder_input_ids=target, decoder_attention_mask=target_mask)
    with torch.no_grad():
        found = model.double()(**inputs, output_attentions=True, output_hidden_states=True, use_cache=False)
    outputs = {}
    for key, value in found.items():
        if isinstance(value, torch.Tensor):
            outputs[key] = value
        else:
            outputs |= {f"{key}.{i}": part for i, part in enumerate(value)}
    save_file({key: value.contiguous() for key, value in inputs.items()}, os.path.join(folder, "inputs.safetensors"))
    save_file({key: value.float().contiguous().clone() for key, value in outputs.items()}, os.path.join(folder, "expected.safetensors"))
    case = {"class": model_class.__name__, "seed": seed, "torch": torch.__version__, "transformers": transformers.__version__}
    json.dump(case, open(os.path.join(folder, "case.json"), "w"))


for seed, (name, (model_class, config)) in enumerate(ENCODER_DECODERS.items()):
    if not sys.argv[1:] or name in sys.argv[1:]:
        make(name, model_class, config, 100 + seed)
