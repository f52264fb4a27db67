#!/usr/bin/env python3
"""Makes the GGUF fixtures: tiny models of random weights with what transformers computes from the dequantised weights, and blocks of each type
with what the gguf package makes of them.

    pip install gguf torch transformers sentencepiece protobuf
    python scripts/make-gguf-fixtures.py

Made with gguf 0.19.0, transformers 5.24.0, torch 2.15.0. Names and the order of rows are those of llama.cpp's convert_hf_to_gguf.py.
"""

import json
import pathlib

import gguf
import numpy as np
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELS = ROOT / "Tests/AttentionModelsTests/Fixtures/GGUF"
TENSORS = ROOT / "Tests/Fixtures/Blocks"
TEXT = ROOT / "Tests/AttentionTextTests/Fixtures/folders"
TYPES = gguf.GGMLQuantizationType
MADE = {TYPES.F32, TYPES.F16, TYPES.BF16, TYPES.Q8_0, TYPES.Q4_0, TYPES.Q4_1, TYPES.Q5_0, TYPES.Q5_1}


def random_blocks(type, count, generator):
    """Blocks of random bytes whose scales are finite and small."""
    size, held = gguf.GGML_QUANT_SIZES[type][1], gguf.GGML_QUANT_SIZES[type][0]
    blocks = generator.integers(0, 256, (count, size), dtype=np.uint8)
    places = [208] if type == TYPES.Q6_K else [0, 2] if type in (TYPES.Q4_1, TYPES.Q5_1, TYPES.Q4_K, TYPES.Q5_K) else [0]
    # Of 256 numbers, the scales of groups are integers up to 63 or 127 themselves.
    low, high = (1e-4, 4e-4) if held == 256 else (0.005, 0.02)
    for place in places:
        halves = generator.uniform(low, high, count).astype(np.float16)
        blocks[:, place:place + 2] = halves.view(np.uint8).reshape(count, 2)
    return blocks


def quantized(array, type, generator):
    """Rows as bytes of this type, and what they stand for. Types that the package only reads hold random weights of their own."""
    if type in MADE:
        data = gguf.quants.quantize(array, type)
    else:
        data = random_blocks(type, array.size // 256, generator).reshape(array.shape[0], -1)
    return data, gguf.quants.dequantize(data, type).astype(np.float32).reshape(array.shape)


def paired(weights, heads):
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def unpaired(weights, heads):
    return weights.reshape(heads, weights.shape[0] // heads // 2, 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def name_of(name):
    name = name.removeprefix("model.")
    if not name.startswith("layers."):
        return {"embed_tokens.weight": "token_embd.weight", "norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}[name]
    layer, rest = name.removeprefix("layers.").split(".", 1)
    part, end = rest.rsplit(".", 1)
    around = {"post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
              "post_feedforward_layernorm": "post_ffw_norm"}
    plain = {"post_attention_layernorm": "ffn_norm"}
    parts = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
             "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
             "self_attn.qkv_proj": "attn_qkv", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
             "mlp.gate_up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
             **(around if name_of.around else plain)}
    return f"blk.{layer}.{parts[part]}.{end}"


def write_model(folder, architecture, model, types, extra=None, tokens=None):
    config = model.config
    name_of.around = architecture.startswith("gemma")
    generator = np.random.default_rng(3)
    folder.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(folder / "model.gguf", architecture)
    writer.add_name(folder.name)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    head_size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_key_length(head_size)
    writer.add_value_length(head_size)
    writer.add_rope_dimension_count(head_size)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    (extra or (lambda writer: None))(writer)
    (tokens or (lambda writer: None))(writer)
    state = model.state_dict()
    tied = config.tie_word_embeddings
    for index, (name, tensor) in enumerate(list(state.items())):
        if tied and name == "lm_head.weight":
            continue
        array = tensor.numpy().astype(np.float32)
        heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}.get(name.split(".")[-2])
        turned = architecture == "llama" and heads is not None
        stored = paired(array, heads) if turned else array
        if array.ndim == 1:
            if name_of.around and "norm" in name:
                stored = stored + 1
            writer.add_tensor(name_of(name), stored)
            continue
        type = types[index % len(types)]
        data, widened = quantized(stored, type, generator)
        if type == TYPES.F32:
            writer.add_tensor(name_of(name), data)
        elif type == TYPES.F16:
            writer.add_tensor(name_of(name), data.view(np.float16))
        else:
            writer.add_tensor(name_of(name), data.view(np.uint8), raw_dtype=type)
        state[name] = torch.from_numpy(np.ascontiguousarray(unpaired(widened, heads) if turned else widened))
    if getattr(write_model, "factors", None) is not None:
        writer.add_tensor("rope_freqs.weight", write_model.factors)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    model.load_state_dict(state)
    if tied:
        model.tie_weights()
    ids = torch.tensor(np.random.default_rng(5).integers(3, config.vocab_size, (2, 12)))
    with torch.no_grad():
        logits = model(input_ids=ids).logits
    from safetensors.torch import save_file
    save_file({"input_ids": ids, "logits": logits.contiguous()}, folder / "expected.safetensors")


def rope(base):
    return lambda writer: writer.add_rope_freq_base(base)


def make_models():
    torch.manual_seed(1)
    sizes = dict(vocab_size=96, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
                 num_key_value_heads=2, max_position_embeddings=64, rms_norm_eps=1e-5, attn_implementation="eager")

    def random(model):
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, 1 if parameter.ndim == 1 else 0, 0.2 if parameter.ndim == 1 else 0.12)
        return model.eval()

    T = transformers
    write_model(MODELS / "llama", "llama", random(T.LlamaForCausalLM(T.LlamaConfig(
        **{**sizes, "vocab_size": 336}, tie_word_embeddings=False, rope_theta=500.0))),
        [TYPES.Q8_0, TYPES.Q4_0, TYPES.F16, TYPES.Q5_0, TYPES.Q4_1, TYPES.BF16, TYPES.F32, TYPES.Q5_1], rope(500.0),
        byte_level("byte-level-llama3", "llama-bpe"))

    # Llama 3.1's frequencies, by the factors that the converter writes beside the weights.
    config = T.LlamaConfig(**{**sizes, "hidden_size": 32, "num_hidden_layers": 1}, tie_word_embeddings=True, rope_parameters={
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 16, "rope_theta": 500.0})
    model = random(T.LlamaForCausalLM(config))
    plain = 1 / 500.0 ** (np.arange(0, 8, 2, dtype=np.float32) / 8)
    write_model.factors = (plain / model.model.rotary_emb.inv_freq.numpy()).astype(np.float32)
    write_model(MODELS / "llama3", "llama", model, [TYPES.Q8_0], rope(500.0))
    write_model.factors = None

    large = {**sizes, "vocab_size": 520, "hidden_size": 256, "intermediate_size": 256, "num_hidden_layers": 1, "num_attention_heads": 8,
             "num_key_value_heads": 1}
    write_model(MODELS / "llama-k", "llama", random(T.LlamaForCausalLM(T.LlamaConfig(
        **large, head_dim=32, tie_word_embeddings=True, rope_theta=10000.0))), [TYPES.Q4_K, TYPES.Q6_K, TYPES.Q5_K],
        rope(10000.0), sentence_piece)

    write_model(MODELS / "qwen2", "qwen2", random(T.Qwen2ForCausalLM(T.Qwen2Config(
        **sizes, tie_word_embeddings=True, rope_theta=1000.0))), [TYPES.Q4_0, TYPES.Q8_0], rope(1000.0))
    write_model(MODELS / "qwen3", "qwen3", random(T.Qwen3ForCausalLM(T.Qwen3Config(
        **sizes, head_dim=32, tie_word_embeddings=False, rope_theta=1000.0))), [TYPES.Q8_0], rope(1000.0))

    def gemma2(writer):
        writer.add_rope_freq_base(10000.0)
        writer.add_attn_logit_softcapping(50.0)
        writer.add_final_logit_softcapping(30.0)
        writer.add_sliding_window(6)

    write_model(MODELS / "gemma2", "gemma2", random(T.Gemma2ForCausalLM(T.Gemma2Config(
        **sizes, head_dim=32, query_pre_attn_scalar=32, sliding_window=6, rope_theta=10000.0))), [TYPES.Q8_0], gemma2)

    def gemma3(writer):
        writer.add_rope_freq_base(1000000.0)
        writer.add_sliding_window(6)

    write_model(MODELS / "gemma3", "gemma3", random(T.Gemma3ForCausalLM(T.Gemma3TextConfig(
        **{**sizes, "hidden_size": 32, "num_hidden_layers": 6}, head_dim=32, query_pre_attn_scalar=32, sliding_window=6))), [TYPES.Q8_0], gemma3)

    def phi3(writer):
        writer.add_rope_freq_base(10000.0)
        writer.add_sliding_window(6)

    write_model(MODELS / "phi3", "phi3", random(T.Phi3ForCausalLM(T.Phi3Config(
        **sizes, tie_word_embeddings=False, sliding_window=6, pad_token_id=0, bos_token_id=1, eos_token_id=2))), [TYPES.Q8_0], phi3)


def byte_level(folder, pre):
    """The vocabulary of a tokenizer.json, as convert_hf_to_gguf.py writes it."""
    document = json.loads((TEXT / folder / "tokenizer.json").read_text())

    def add(writer):
        vocabulary = document["model"]["vocab"]
        added = {token["id"]: token for token in document["added_tokens"]}
        count = max(max(vocabulary.values()), *added) + 1
        tokens, kinds = [f"[PAD{id}]" for id in range(count)], [gguf.TokenType.UNUSED] * count
        for text, id in vocabulary.items():
            tokens[id], kinds[id] = text, gguf.TokenType.NORMAL
        for id, token in added.items():
            tokens[id] = token["content"]
            kinds[id] = gguf.TokenType.CONTROL if token["special"] else gguf.TokenType.USER_DEFINED
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(pre)
        writer.add_token_list(tokens)
        writer.add_token_types(kinds)
        writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in document["model"]["merges"]])
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(0)
        writer.add_chat_template("{% for message in messages %}{{ message.content }}{% endfor %}")
    return add


def sentence_piece(writer):
    from sentencepiece import sentencepiece_model_pb2
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString((TEXT / "sentencepiece-bpe-bytes/tokenizer.model").read_bytes())
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece.piece for piece in model.pieces])
    writer.add_token_scores([piece.score for piece in model.pieces])
    writer.add_token_types([piece.type for piece in model.pieces])
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(model.normalizer_spec.add_dummy_prefix)
    writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
    writer.add_bool("tokenizer.ggml.remove_extra_whitespaces", model.normalizer_spec.remove_extra_whitespaces)


def make_blocks():
    from safetensors.numpy import save_file
    generator = np.random.default_rng(11)
    tensors = {}
    for type in [TYPES.Q4_0, TYPES.Q4_1, TYPES.Q5_0, TYPES.Q5_1, TYPES.Q8_0, TYPES.Q4_K, TYPES.Q5_K, TYPES.Q6_K]:
        held, size = gguf.GGML_QUANT_SIZES[type]
        blocks = random_blocks(type, 3 * 512 // held, generator).reshape(3, -1)
        tensors[type.name.lower()] = blocks
        tensors[type.name.lower() + ".numbers"] = gguf.quants.dequantize(blocks, type).astype(np.float32).reshape(3, 512)
    rows = generator.normal(0, 1, (4, 64)).astype(np.float32)
    tensors["rows"] = rows
    for type in [TYPES.Q4_0, TYPES.Q8_0]:
        tensors["rows." + type.name.lower()] = gguf.quants.quantize(rows, type)
    TENSORS.mkdir(exist_ok=True)
    save_file(tensors, TENSORS / "blocks.safetensors")


if __name__ == "__main__":
    make_blocks()
    make_models()
