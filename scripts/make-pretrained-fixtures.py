#!/usr/bin/env python3
"""Makes the folders of Tests/AttentionModelsTests/Fixtures/Pretrained and EncoderDecoders: tiny models with random weights and what transformers
computes with them.

    python3 scripts/make-pretrained-fixtures.py [NAME…]  (torch, transformers, safetensors; versions are written into each folder's case.json)

Weights are larger than real ones, biases and norms differ from 0 and 1, so that one that is missing or out of place shows.
"""
import json, os, shutil, sys, torch, transformers
from safetensors.torch import save_file
from transformers import *

ROOT = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionModelsTests", "Fixtures", "Pretrained")
SMALL = dict(vocab_size=30, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, max_position_embeddings=16)
DISTIL = dict(vocab_size=30, dim=8, n_layers=2, n_heads=2, hidden_dim=12, max_position_embeddings=16)
ROBERTA = dict(SMALL, max_position_embeddings=18, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2)
DEBERTA = dict(SMALL, relative_attention=True, max_relative_positions=-1, position_buckets=4, norm_rel_ebd="layer_norm", share_att_key=True,
               pos_att_type="p2c|c2p", position_biased_input=False, type_vocab_size=0, pooler_hidden_size=8)
MODERN = dict(SMALL, num_hidden_layers=4, local_attention=4, pad_token_id=0, bos_token_id=1, cls_token_id=1, eos_token_id=2, sep_token_id=2,
              reference_compile=False)
CASES = {
    "bert": (BertModel, BertConfig(**SMALL)),
    "bert-classes": (BertForSequenceClassification, BertConfig(**SMALL, num_labels=3)),
    "bert-tokens": (BertForTokenClassification, BertConfig(**SMALL, num_labels=4)),
    "bert-answers": (BertForQuestionAnswering, BertConfig(**SMALL)),
    "roberta-words": (RobertaForMaskedLM, RobertaConfig(**ROBERTA)),
    "xlm-roberta-classes": (XLMRobertaForSequenceClassification, XLMRobertaConfig(**ROBERTA)),
    "camembert": (CamembertModel, CamembertConfig(**ROBERTA)),
    "distilbert-words": (DistilBertForMaskedLM, DistilBertConfig(**DISTIL)),
    "mpnet": (MPNetModel, MPNetConfig(**dict(ROBERTA, type_vocab_size=None))),
    "albert-words": (AlbertForMaskedLM, AlbertConfig(**dict(SMALL, num_hidden_layers=3), embedding_size=6, hidden_act="gelu_new")),
    "electra-replaced": (ElectraForPreTraining, ElectraConfig(**SMALL, embedding_size=6)),
    "deberta-words": (DebertaV2ForMaskedLM, DebertaV2Config(**DEBERTA, conv_kernel_size=3, conv_act="gelu")),
    "deberta-unshared": (DebertaV2Model, DebertaV2Config(**dict(DEBERTA, share_att_key=False, position_buckets=-1, norm_rel_ebd="none"))),
    "modernbert-words": (ModernBertForMaskedLM, ModernBertConfig(**MODERN)),
    "modernbert-classes": (ModernBertForSequenceClassification, ModernBertConfig(**MODERN, classifier_pooling="mean", num_labels=3)),
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
    model.save_pretrained(folder)
    padding = config.pad_token_id or 0
    ids = torch.randint(5, 30, (3, 9), generator=generator)
    mask = torch.ones_like(ids)
    # Where a local window holds nothing but padding, ModernBERT's reference gives what is not a number, and reads it again.
    for row, length in ((1, 7), (2, 8)) if "modernbert" in name else ((1, 6), (2, 1)):
        ids[row, length:], mask[row, length:] = padding, 0
    inputs = dict(input_ids=ids, attention_mask=mask)
    if getattr(config, "type_vocab_size", 0) == 2 and "distil" not in name:
        inputs["token_type_ids"] = (torch.arange(9) > 3).long().expand(3, 9).contiguous() * mask
    double = model.double()
    with torch.no_grad():
        found = double(**inputs, output_attentions=True, output_hidden_states=True)
    outputs = {key: value for key, value in found.items() if isinstance(value, torch.Tensor)}
    outputs |= {f"attentions.{i}": value for i, value in enumerate(found.attentions)}
    if "modernbert" not in name:
        outputs |= {f"hidden_states.{i}": value for i, value in enumerate(found.hidden_states)}
    save_file(inputs, os.path.join(folder, "inputs.safetensors"))
    save_file({key: value.float().contiguous() for key, value in outputs.items()}, os.path.join(folder, "expected.safetensors"))
    case = {"class": model_class.__name__, "seed": seed, "torch": torch.__version__, "transformers": transformers.__version__}
    json.dump(case, open(os.path.join(folder, "case.json"), "w"))


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


def make_encoder_decoder(name, model_class, config, seed):
    folder = os.path.join(os.path.dirname(ROOT), "EncoderDecoders", name)
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


for seed, (name, (model_class, config)) in enumerate(CASES.items()):
    if not sys.argv[1:] or name in sys.argv[1:]:
        make(name, model_class, config, seed)
for seed, (name, (model_class, config)) in enumerate(ENCODER_DECODERS.items()):
    if not sys.argv[1:] or name in sys.argv[1:]:
        make_encoder_decoder(name, model_class, config, 100 + seed)
