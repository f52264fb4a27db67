#!/usr/bin/env python3
"""Makes the folders of Tests/AttentionModelsTests/Fixtures/Pretrained, those of models that see in Fixtures/Vision, hear in
Fixtures/Audio and act in Fixtures/Acting: tiny models with random weights and what transformers computes with them.

    python3 scripts/make-pretrained-fixtures.py [NAME…]    (torch, transformers, safetensors; versions stand in each folder's case.json)

Weights are larger than real ones, biases and norms differ from 0 and 1, so that one that is missing or out of place shows.
"""
import copy, json, os, shutil, sys, torch, transformers
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

GPT = dict(vocab_size=30, n_embd=8, n_layer=2, n_head=2, n_positions=32, pad_token_id=0, bos_token_id=1, eos_token_id=2)
GATED = dict(SMALL, num_key_value_heads=1, max_position_embeddings=32, pad_token_id=0, bos_token_id=1, eos_token_id=2)
ROPE = dict(rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
LONG = dict(rope_type="longrope", rope_theta=10000.0, short_factor=[1.0, 1.5], long_factor=[2.0, 3.0], original_max_position_embeddings=7)
PLAIN = dict(rope_type="default", rope_theta=10000.0)
DECODERS = {
    "gpt2": (GPT2LMHeadModel, GPT2Config(**GPT)),
    "gpt2-backbone": (GPT2Model, GPT2Config(**GPT)),
    "gpt-neox": (GPTNeoXForCausalLM, GPTNeoXConfig(**dict(GATED, pad_token_id=0), rotary_pct=0.5)),
    "llama": (LlamaForCausalLM, LlamaConfig(**GATED, rope_parameters=ROPE)),
    "llama-dynamic": (LlamaForCausalLM, LlamaConfig(**dict(GATED, max_position_embeddings=6), attention_bias=True, mlp_bias=True,
                                                    rope_parameters=dict(rope_type="dynamic", rope_theta=100.0, factor=4.0))),
    "mistral": (MistralForCausalLM, MistralConfig(**GATED, sliding_window=3)),
    "qwen2": (Qwen2ForCausalLM, Qwen2Config(**GATED, use_sliding_window=True, sliding_window=3, max_window_layers=1)),
    "qwen3": (Qwen3ForCausalLM, Qwen3Config(**GATED, head_dim=6, tie_word_embeddings=True)),
    "gemma2": (Gemma2ForCausalLM, Gemma2Config(**GATED, head_dim=6, sliding_window=3, query_pre_attn_scalar=5, attn_logit_softcapping=2.0,
                                               final_logit_softcapping=3.0)),
    "gemma3": (Gemma3ForCausalLM, Gemma3TextConfig(**dict(GATED, num_hidden_layers=3), head_dim=6, sliding_window=3, query_pre_attn_scalar=5,
                                                   layer_types=["sliding_attention", "sliding_attention", "full_attention"])),
    "phi3": (Phi3ForCausalLM, Phi3Config(**GATED, sliding_window=5, original_max_position_embeddings=7, rope_parameters=LONG)),
    "olmo2": (Olmo2ForCausalLM, Olmo2Config(**GATED)),
    "mpt": (MptForCausalLM, MptConfig(vocab_size=30, d_model=8, n_layers=2, n_heads=2, max_seq_len=32, pad_token_id=0, bos_token_id=1, eos_token_id=2)),
}
SEEING = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12)
PICTURES = dict(SEEING, image_size=[6, 4], patch_size=2)
RESNET = dict(embedding_size=4, hidden_sizes=[8, 8, 12], depths=[2, 1, 1], out_features=["stage3"])
DETECTING = dict(d_model=8, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=12,
                 decoder_ffn_dim=12, num_queries=5, num_labels=3, use_timm_backbone=False, use_pretrained_backbone=False, backbone=None)
PATCHED = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, mlp_ratio=2, image_size=6, patch_size=2, layerscale_value=0.5)
TROCR = dict(vocab_size=30, d_model=12, decoder_layers=2, decoder_attention_heads=2, decoder_ffn_dim=10, max_position_embeddings=16, pad_token_id=1,
             bos_token_id=0, eos_token_id=2, activation_function="relu", scale_embedding=True)
BART = dict(vocab_size=30, d_model=8, decoder_layers=2, decoder_attention_heads=2, decoder_ffn_dim=10, encoder_layers=2, encoder_attention_heads=2,
            encoder_ffn_dim=10, max_position_embeddings=16, pad_token_id=1, bos_token_id=0, eos_token_id=2, forced_eos_token_id=None)
VISION = {
    "vit": (ViTModel, ViTConfig(**PICTURES, pooler_output_size=8)),
    "vit-classes": (ViTForImageClassification, ViTConfig(**PICTURES, qkv_bias=False, num_labels=3)),
    "deit-classes": (DeiTForImageClassification, DeiTConfig(**PICTURES, num_labels=3)),
    "deit-taught": (DeiTForImageClassificationWithTeacher, DeiTConfig(**PICTURES, num_labels=3)),
    "clip": (CLIPModel, CLIPConfig(text_config=dict(SEEING, vocab_size=30, max_position_embeddings=9, bos_token_id=28, eos_token_id=29),
                                   vision_config=dict(SEEING, image_size=6, patch_size=3), projection_dim=5)),
    "clip-old": (CLIPModel, CLIPConfig(text_config=dict(SEEING, vocab_size=30, max_position_embeddings=9, bos_token_id=28, eos_token_id=2),
                                       vision_config=dict(SEEING, image_size=6, patch_size=3), projection_dim=5)),
    # Windows that do not divide their grid, an odd grid to be merged, and pixels that are no whole patch.
    "swin": (SwinModel, SwinConfig(image_size=13, patch_size=2, embed_dim=4, depths=[2, 1], num_heads=[2, 1], window_size=3, mlp_ratio=2.0)),
    "swin-classes": (SwinForImageClassification, SwinConfig(image_size=16, patch_size=2, embed_dim=8, depths=[2, 2], num_heads=[1, 2], window_size=4,
                                                            use_absolute_embeddings=True, num_labels=3)),
    "dinov2": (Dinov2Model, Dinov2Config(**PATCHED)),
    "dinov2-classes": (Dinov2ForImageClassification, Dinov2Config(**PATCHED, use_swiglu_ffn=True, num_labels=3)),
    "dinov2-registers": (Dinov2WithRegistersForImageClassification, Dinov2WithRegistersConfig(**PATCHED, num_register_tokens=2, num_labels=3)),
    "siglip": (SiglipModel, SiglipConfig(text_config=dict(SEEING, vocab_size=30, max_position_embeddings=9, pad_token_id=1, projection_size=8),
                                         vision_config=dict(SEEING, image_size=7, patch_size=3))),
    "blip": (BlipForConditionalGeneration, BlipConfig(
        text_config=dict(SEEING, vocab_size=30, encoder_hidden_size=8, max_position_embeddings=16, bos_token_id=28, sep_token_id=29, eos_token_id=2,
                         pad_token_id=0),
        vision_config=dict(SEEING, image_size=6, patch_size=3))),
    "detr": (DetrForObjectDetection, DetrConfig(**DETECTING, backbone_config=ResNetConfig(**RESNET, layer_type="bottleneck"))),
    "detr-basic": (DetrForObjectDetection, DetrConfig(**DETECTING, backbone_config=ResNetConfig(**RESNET, layer_type="basic", downsample_in_first_stage=True))),
}
# Encoders and decoders that are put together, and the size of what the decoder looks at where the reference is told it.
TOGETHER = {
    "vit-gpt2": (ViTConfig(**PICTURES), GPT2Config(**dict(GPT, n_embd=6), scale_attn_by_inverse_layer_idx=True)),
    "deit-trocr": (DeiTConfig(**PICTURES), TrOCRConfig(**TROCR, cross_attention_hidden_size=8)),
    "vit-trocr": (ViTConfig(**PICTURES), TrOCRConfig(**TROCR, use_learned_position_embeddings=False, layernorm_embedding=False,
                                                     tie_word_embeddings=False)),
    "swin-bert": (SwinConfig(image_size=8, patch_size=2, embed_dim=4, depths=[2, 1], num_heads=[2, 1], window_size=2), BertConfig(**SMALL)),
    "vit-roberta": (ViTConfig(**PICTURES), RobertaConfig(**ROBERTA)),
    "dinov2-mbart": (Dinov2Config(**PATCHED), MBartConfig(**BART)),
}
SAMPLES = dict(SEEING, vocab_size=9, conv_dim=[6, 6], conv_kernel=[5, 3], conv_stride=[3, 2], num_feat_extract_layers=2, num_conv_pos_embeddings=4,
               num_conv_pos_embedding_groups=2, layerdrop=0.0, mask_time_prob=0.0, apply_spec_augment=False, pad_token_id=0)
SPECTRA = dict(SEEING, patch_size=4, frequency_stride=2, time_stride=3, max_length=10, num_mel_bins=8)
HEARING = {
    "whisper": (WhisperForConditionalGeneration, WhisperConfig(
        vocab_size=60, d_model=8, num_mel_bins=6, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=12, decoder_ffn_dim=12, max_source_positions=50, max_target_positions=24, pad_token_id=1, bos_token_id=1, eos_token_id=1,
        decoder_start_token_id=2, begin_suppress_tokens=[3, 1], suppress_tokens=[4])),
    "wav2vec2": (Wav2Vec2Model, Wav2Vec2Config(**SAMPLES)),
    "wav2vec2-ctc": (Wav2Vec2ForCTC, Wav2Vec2Config(**SAMPLES)),
    "wav2vec2-large-ctc": (Wav2Vec2ForCTC, Wav2Vec2Config(**SAMPLES, do_stable_layer_norm=True, feat_extract_norm="layer", conv_bias=True)),
    "hubert-ctc": (HubertForCTC, HubertConfig(**SAMPLES, feat_proj_layer_norm=False)),
    "ast": (ASTModel, ASTConfig(**SPECTRA)),
    "ast-classes": (ASTForAudioClassification, ASTConfig(**SPECTRA, num_labels=3)),
}
ACTING = {
    "decision-transformer": (DecisionTransformerModel, DecisionTransformerConfig(state_dim=3, act_dim=2, hidden_size=8, max_ep_len=12, n_layer=2,
                                                                                 n_head=2, n_positions=24)),
    "decision-transformer-unbounded": (DecisionTransformerModel, DecisionTransformerConfig(
        state_dim=2, act_dim=4, hidden_size=8, max_ep_len=9, n_layer=1, n_head=1, n_positions=16, action_tanh=False,
        activation_function="gelu_new")),
}
# Length penalty, when beams are done, and what else is asked for: the parameters of generate, under the names that generation.json has.
GENERATION = [
    dict(num_beams=1), dict(num_beams=1, repetition_penalty=1.3), dict(num_beams=1, no_repeat_ngram_size=2, min_new_tokens=4),
    dict(num_beams=3, length_penalty=0.6, early_stopping=True, num_return_sequences=3), dict(num_beams=4),
    dict(num_beams=3, length_penalty=2.0, early_stopping="never"), dict(num_beams=3, length_penalty=0.0, repetition_penalty=1.2),
    dict(num_beams=3, no_repeat_ngram_size=2, min_new_tokens=3),
]


def randomise(model, generator):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name.lower() and name.endswith("weight"):
                parameter.copy_(1 + 0.3 * noise)
            elif parameter.dim() < 2:
                parameter.copy_(0.2 * noise)
            else:
                parameter.copy_(noise * 1.1 / parameter.shape[-1] ** 0.5)


def randomise_convolutions(model, generator):
    """Kernels that leave numbers about as large as they are, the statistics that norms by channel keep, and what stands beside them."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 4:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 1.1 / parameter[0].numel() ** 0.5)
        for name, buffer in model.named_buffers():
            noise = torch.randn(buffer.shape, generator=generator)
            kind = name.rsplit(".", 1)[-1]
            if kind in ("running_var", "weight"):
                buffer.copy_(1 + 0.3 * noise.clamp(-2, 2))
            elif kind in ("running_mean", "bias"):
                buffer.copy_(0.2 * noise)


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


def make_decoder(name, model_class, config, seed):
    folder = os.path.join(ROOT, name)
    shutil.rmtree(folder, ignore_errors=True)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model.save_pretrained(folder)
    double = model_class.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    ids = torch.randint(5, 30, (3, 9), generator=generator)
    # Where frequencies follow the length of the whole batch, padding included, rows cannot be computed alone.
    lengths = (9, 9, 9) if name in ("llama-dynamic", "phi3") else (9, 6, 1)
    for side in ("", "-left"):
        starts = [9 - length if side else 0 for length in lengths]
        mask = torch.zeros_like(ids)
        for row, (start, length) in enumerate(zip(starts, lengths)):
            mask[row, start:start + length] = 1
        inputs = dict(input_ids=ids * mask, attention_mask=mask)
        if side:
            inputs["position_ids"] = (mask.cumsum(1) - 1).clamp(min=0)
        save_file(inputs, os.path.join(folder, f"inputs{side}.safetensors"))
        # Each row without its padding: in double precision the reference's mask of padding makes what is not a number.
        rows = [alone(double, ids[row, start:start + length], start) for row, (start, length) in enumerate(zip(starts, lengths))]
        save_file({key: torch.cat([row[key] for row in rows]).float().contiguous() for key in rows[0]},
                  os.path.join(folder, f"expected{side}.safetensors"))
    if "Model" not in model_class.__name__.removesuffix("LMHeadModel"):
        cases = [case for options in GENERATION if (case := generated(model, double, options, generator))]
        json.dump({"cases": cases}, open(os.path.join(folder, "generation.json"), "w"))
    case = {"class": model_class.__name__, "seed": seed, "torch": torch.__version__, "transformers": transformers.__version__}
    # Gemma's reference takes norms in single precision, whatever the model's.
    if "gemma" in name:
        case["tolerance"] = 5e-5
    json.dump(case, open(os.path.join(folder, "case.json"), "w"))


def make_vision(name, model_class, config, seed):
    folder = os.path.join(ROOT, "..", "Vision", name)
    shutil.rmtree(folder, ignore_errors=True)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    if "detr" in name:
        randomise_convolutions(model, generator)
    model.save_pretrained(folder)
    inputs = dict(pixel_values=pictures(config, generator))
    if "detr" in name:
        inputs["pixel_mask"] = torch.ones(2, 44, 68, dtype=torch.int64)
        inputs["pixel_mask"][1, 30:], inputs["pixel_mask"][1, :, 40:] = 0, 0
    if hasattr(config, "text_config"):
        ids = torch.randint(5, 28, (3, 7), generator=generator)
        mask = torch.ones_like(ids)
        for row, length in ((0, 7), (1, 5), (2, 2)):
            ids[row, length - 1:], mask[row, length:] = 29, 0
        inputs |= dict(input_ids=ids, attention_mask=mask)
        if name == "blip":
            inputs["pixel_values"] = torch.cat([inputs["pixel_values"], inputs["pixel_values"][:1].flip(2)])
    double = model.double()
    with torch.no_grad():
        found = double(**{key: value.double() if value.is_floating_point() else value for key, value in inputs.items()},
                       output_attentions=True, output_hidden_states=True)
    outputs = {key: value for key, value in found.items() if isinstance(value, torch.Tensor)}
    if "dinov2" in name and "last_hidden_state" not in outputs:
        outputs = dict(logits=outputs["logits"])
    for side in ("text", "vision") if hasattr(found, "text_model_output") else ("",):
        part, prefix = (found[side + "_model_output"], side + "_") if side else (found, "")
        if side:
            outputs |= {prefix + key: part[key] for key in ("last_hidden_state", "pooler_output")}
        for key in ("hidden_states", "attentions", "encoder_hidden_states", "encoder_attentions", "decoder_hidden_states", "decoder_attentions",
                    "cross_attentions"):
            outputs |= {f"{prefix}{key}.{i}": value for i, value in enumerate(getattr(part, key, None) or ())}
    finish_vision(folder, model_class, seed, inputs, outputs)
    if name == "blip":
        captions(folder, [copy.deepcopy(model).float(), double], inputs["pixel_values"], 28, generator)


def pictures(config, generator):
    if config.model_type == "detr":
        return torch.randn(2, 3, 44, 68, generator=generator)
    size = getattr(config, "image_size", None) or config.vision_config.image_size
    height, width = size if isinstance(size, (list, tuple)) else (size, size)
    # DINOv2 reads other sizes than it was trained with.
    if "dinov2" in config.model_type:
        height, width = 8, 5
    return torch.randn(2, 3, height, width, generator=generator)


def finish_vision(folder, model_class, seed, inputs, outputs):
    save_file(inputs, os.path.join(folder, "inputs.safetensors"))
    save_file({key: value.float().contiguous() for key, value in outputs.items()}, os.path.join(folder, "expected.safetensors"))
    case = {"class": model_class.__name__, "seed": seed, "torch": torch.__version__, "transformers": transformers.__version__}
    json.dump(case, open(os.path.join(folder, "case.json"), "w"))


def make_together(name, encoder, decoder, seed):
    folder = os.path.join(ROOT, "..", "Vision", name)
    shutil.rmtree(folder, ignore_errors=True)
    decoder.is_decoder = decoder.add_cross_attention = True
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    config._attn_implementation = "eager"
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 3, decoder.pad_token_id or 0, 2
    model = VisionEncoderDecoderModel(config).eval()
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model.save_pretrained(folder)
    ids = torch.randint(5, 30, (2, 6), generator=generator)
    mask = torch.ones_like(ids)
    ids[1, 4:], mask[1, 4:] = config.pad_token_id, 0
    inputs = dict(pixel_values=pictures(encoder, generator), decoder_input_ids=ids, decoder_attention_mask=mask)
    double = copy.deepcopy(model).double()
    with torch.no_grad():
        found = double(pixel_values=inputs["pixel_values"].double(), decoder_input_ids=ids, decoder_attention_mask=mask, output_attentions=True,
                       output_hidden_states=True)
    outputs = {key: found[key] for key in ("logits", "encoder_last_hidden_state")}
    for key in ("decoder_hidden_states", "decoder_attentions", "cross_attentions", "encoder_hidden_states", "encoder_attentions"):
        outputs |= {f"{key}.{i}": value for i, value in enumerate(found[key])}
    finish_vision(folder, VisionEncoderDecoderModel, seed, inputs, outputs)
    captions(folder, [model, double], inputs["pixel_values"], 3, generator)


def captions(folder, models, pixels, start, generator):
    """Cases of generation, written where float32 and float64 decide alike."""
    cases = []
    for number, options in enumerate(GENERATION):
        row, end = number % 2, int(torch.randint(5, 30, (1,), generator=generator))
        prompt = [start] + torch.randint(5, 30, (number % 3,), generator=generator).tolist()
        results = []
        for model in models:
            settings = GenerationConfig(**options, max_new_tokens=8, eos_token_id=end, pad_token_id=0, do_sample=False)
            ids = torch.tensor([prompt])
            pixel_values = pixels[row:row + 1].to(model.dtype)
            extra = dict(generation_config=settings, return_dict_in_generate=True, output_scores=True)
            if isinstance(model, BlipForConditionalGeneration):
                with torch.no_grad():
                    seen = model.vision_model(pixel_values).last_hidden_state
                out = model.text_decoder.generate(input_ids=ids, encoder_hidden_states=seen, **extra)
            else:
                out = model.generate(pixel_values=pixel_values, decoder_input_ids=ids, **extra)
            sequences = [sequence[len(prompt):] for sequence in out.sequences.tolist()]
            sequences = [tokens[:tokens.index(end) + 1] if end in tokens else tokens for tokens in sequences]
            if options["num_beams"] == 1:
                shares = [score.log_softmax(-1)[0] for score in out.scores]
                scores = [sum(float(share[token]) for share, token in zip(shares, sequences[0]))]
            else:
                scores = out.sequences_scores.tolist()
            results.append((sequences, scores))
        if results[0][0] == results[1][0]:
            cases.append(dict(row=row, decoder_input_ids=prompt, eos_token_id=end, max_new_tokens=8, sequences=results[1][0], scores=results[1][1],
                              **options))
    json.dump({"cases": cases}, open(os.path.join(folder, "generation.json"), "w"))
def make_hearing(name, model_class, config, seed):
    folder = os.path.join(ROOT, "..", "Audio", name)
    shutil.rmtree(folder, ignore_errors=True)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model.save_pretrained(folder)
    if hasattr(config, "max_source_positions"):
        inputs = dict(input_features=torch.randn(2, config.num_mel_bins, 2 * config.max_source_positions, generator=generator),
                      decoder_input_ids=torch.randint(5, config.vocab_size, (2, 5), generator=generator))
    elif hasattr(config, "num_mel_bins"):
        inputs = dict(input_values=torch.randn(2, config.max_length, config.num_mel_bins, generator=generator))
    else:
        mask = torch.ones(2, 60, dtype=torch.long)
        mask[1, 41:] = 0
        inputs = dict(input_values=torch.randn(2, 60, generator=generator) * mask, attention_mask=mask)
    double = model.double()
    with torch.no_grad():
        found = double(**{key: value.double() if value.is_floating_point() else value for key, value in inputs.items()},
                       output_attentions=True, output_hidden_states=True, **(dict(use_cache=False) if "decoder_input_ids" in inputs else {}))
    outputs = {key: value for key, value in found.items() if isinstance(value, torch.Tensor)}
    for key, value in found.items():
        if isinstance(value, tuple):
            outputs |= {f"{key}.{i}": part for i, part in enumerate(value)}
    save_file(inputs, os.path.join(folder, "inputs.safetensors"))
    save_file({key: value.float().contiguous() for key, value in outputs.items()}, os.path.join(folder, "expected.safetensors"))
    case = {"class": model_class.__name__, "seed": seed, "torch": torch.__version__, "transformers": transformers.__version__}
    json.dump(case, open(os.path.join(folder, "case.json"), "w"))


def make_acting(name, model_class, config, seed):
    folder = os.path.join(ROOT, "..", "Acting", name)
    shutil.rmtree(folder, ignore_errors=True)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model.save_pretrained(folder)
    rows, steps = 3, 5
    inputs = dict(states=torch.randn(rows, steps, config.state_dim, generator=generator),
                  actions=torch.randn(rows, steps, config.act_dim, generator=generator),
                  returns_to_go=torch.randn(rows, steps, 1, generator=generator) * 3,
                  timesteps=torch.randint(0, config.max_ep_len, (rows, steps), generator=generator))
    double = model.double()
    for side, lengths in (("", (5, 5, 5)), ("-left", (5, 3, 1))):
        mask = torch.zeros(rows, steps, dtype=torch.long)
        kept = []
        for row, length in enumerate(lengths):
            mask[row, steps - length:] = 1
            # Each row without its padding, whose outputs say nothing.
            part = {key: value[row:row + 1, steps - length:] for key, value in inputs.items()}
            with torch.no_grad():
                found = double(**{key: value.double() if value.is_floating_point() else value for key, value in part.items()},
                               output_attentions=True, output_hidden_states=True)
            outputs = {key: value for key, value in found.items() if isinstance(value, torch.Tensor)}
            outputs |= {f"hidden_states.{i}": value for i, value in enumerate(found.hidden_states)}
            outputs = {key: torch.nn.functional.pad(value, (0, 0, value.shape[1] // length * (steps - length), 0)) for key, value in outputs.items()}
            before = 3 * (steps - length)
            outputs |= {f"attentions.{i}": torch.nn.functional.pad(value, (before, 0, before, 0)) for i, value in enumerate(found.attentions)}
            kept.append(outputs)
        save_file(inputs | dict(attention_mask=mask), os.path.join(folder, f"inputs{side}.safetensors"))
        save_file({key: torch.cat([row[key] for row in kept]).float().contiguous() for key in kept[0]},
                  os.path.join(folder, f"expected{side}.safetensors"))
    case = {"class": model_class.__name__, "seed": seed, "torch": torch.__version__, "transformers": transformers.__version__}
    json.dump(case, open(os.path.join(folder, "case.json"), "w"))


def alone(model, ids, start):
    """What the model gives for a row without padding, at its place in a row of 9."""
    with torch.no_grad():
        found = model(input_ids=ids[None], output_attentions=True, output_hidden_states=True)
    outputs = {key: value for key, value in found.items() if isinstance(value, torch.Tensor)}
    outputs |= {f"hidden_states.{i}": value for i, value in enumerate(found.hidden_states)}
    end = start + len(ids)
    padded = {}
    for key, value in outputs.items():
        padded[key] = value.new_zeros(1, 9, value.shape[2])
        padded[key][:, start:end] = value
    for i, value in enumerate(found.attentions):
        padded[f"attentions.{i}"] = value.new_zeros(1, value.shape[1], 9, 9)
        padded[f"attentions.{i}"][:, :, start:end, start:end] = value
    return padded


def generated(model, double, options, generator):
    """What generate gives in double precision; None where single precision decides otherwise, or no end was reached in a few tries."""
    prompt = torch.randint(5, 30, (1, 3), generator=generator)
    end = int(torch.randint(5, 30, (1,), generator=generator))
    results = []
    for m in (model, double):
        config = GenerationConfig(**options, max_new_tokens=10, eos_token_id=end, pad_token_id=0, do_sample=False)
        out = m.generate(prompt, attention_mask=torch.ones_like(prompt), generation_config=config, return_dict_in_generate=True,
                         output_scores=True)
        sequences = [row[3:] for row in out.sequences.tolist()]
        sequences = [row[:row.index(end) + 1] if end in row else row for row in sequences]
        if options["num_beams"] == 1:
            shares = [score.log_softmax(-1)[0] for score in out.scores]
            scores = [sum(float(share[token]) for share, token in zip(shares, sequences[0]))]
        else:
            scores = out.sequences_scores.tolist()
        results.append((sequences, scores))
    if results[0][0] != results[1][0]:
        return None
    return dict(input_ids=prompt[0].tolist(), eos_token_id=end, max_new_tokens=10, sequences=results[1][0], scores=results[1][1], **options)


wanted = sys.argv[1:]
for maker, cases in ((make, CASES), (make_decoder, DECODERS), (make_vision, VISION), (make_together, TOGETHER), (make_hearing, HEARING), (make_acting, ACTING)):
    for seed, (name, (model_class, config)) in enumerate(cases.items()):
        if not wanted or name in wanted:
            maker(name, model_class, config, seed)
