#!/usr/bin/env python3
"""Makes the folders of Tests/AttentionTests/Fixtures/Tasks: tiny models of every task on texts, and what transformers' pipelines and
sentence-transformers answer with them.

    python3 scripts/make-task-fixtures.py        (torch, transformers, sentence-transformers)
"""
import json, os, shutil, torch
from transformers import *
from sentence_transformers import SentenceTransformer, models

ROOT = os.path.join(os.path.dirname(__file__), "..", "Tests", "AttentionTests", "Fixtures", "Tasks")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "dog", "sleeps", "runs", "on", "a", "mat", "street", "##s", "##ing", "walk", "house", "red",
         "ada", "london", "who", "where", "?", ".", ",", "in", "old", "and", "sun"]
SIZES = dict(vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, max_position_embeddings=24)
TEXTS = ["The cat sleeps.", "A red dog runs on the street, and Ada walks in London.", "", "sun", "Who walks the old dog?"]
CONTEXT = ("The cat sleeps on a mat. " * 6 + "Ada walks in London. " + "The dog runs on the street. " * 5).strip()


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.3 * noise if "norm" in name.lower() and name.endswith("weight") else 0.2 * noise if parameter.dim() == 1
                            else noise * 1.1 / parameter.shape[-1] ** 0.5)


def make(name, model_class, seed, **settings):
    folder = os.path.join(ROOT, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    model = model_class(BertConfig(**SIZES, **settings)).eval()
    randomise(model, seed)
    model.save_pretrained(folder)
    vocabulary = os.path.join(folder, "vocab.txt")
    open(vocabulary, "w").write("\n".join(WORDS) + "\n")
    BertTokenizer(vocabulary, model_max_length=24).save_pretrained(folder)
    return folder, model, AutoTokenizer.from_pretrained(folder)


def save(folder, answers):
    json.dump(answers, open(os.path.join(folder, "answers.json"), "w"), indent=1, ensure_ascii=False)


folder, model, tokenizer = make("classes", BertForSequenceClassification, 1, num_labels=3, id2label={0: "calm", 1: "busy", 2: "odd"},
                                label2id={"calm": 0, "busy": 1, "odd": 2})
save(folder, [dict(text=t, classes=r) for t, r in zip(TEXTS, pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None)(TEXTS))])
folder, model, tokenizer = make("names", BertForTokenClassification, 2, num_labels=5, id2label=dict(enumerate(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])),
                                label2id={l: i for i, l in enumerate(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])})
found = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="simple")([t for t in TEXTS if t])
save(folder, [dict(text=t, entities=[dict(label=e["entity_group"], score=float(e["score"]), start=e["start"], end=e["end"]) for e in r])
              for t, r in zip([t for t in TEXTS if t], found)])
folder, model, tokenizer = make("answers", BertForQuestionAnswering, 3)
questions = ["Who walks?", "Where runs the dog?"]
context = "The cat sleeps on a mat. Ada walks."
answers = []
for question in questions:
    e = tokenizer(question, context, return_tensors="pt", return_offsets_mapping=True)
    offsets, sequences = e.pop("offset_mapping")[0].tolist(), e.sequence_ids(0)
    with torch.no_grad():
        out = model(**e)
    places = [i for i, s in enumerate(sequences) if s == 1]
    start, end = out.start_logits[0, places].softmax(0), out.end_logits[0, places].softmax(0)
    best = max(((start[i] * end[j]).item(), i, j) for i in range(len(places)) for j in range(i, len(places)))
    answers.append(dict(question=question, context=context, score=best[0], start=offsets[places[best[1]]][0], end=offsets[places[best[2]]][1]))
save(folder, answers)
folder, model, tokenizer = make("words", BertForMaskedLM, 4)
masked = ["The [MASK] sleeps.", "Ada walks in [MASK] and sleeps on the [MASK]."]
answers = []
for text, places in zip(masked, pipeline("fill-mask", model=model, tokenizer=tokenizer, top_k=3)(masked)):
    places = [places] if isinstance(places[0], dict) else places
    answers.append(dict(text=text, places=[[dict(word=w["token_str"], id=w["token"], probability=w["score"]) for w in p] for p in places]))
save(folder, answers)
folder, model, tokenizer = make("pairs", BertForSequenceClassification, 5, num_labels=1)
query, documents = "Who sleeps?", ["The cat sleeps.", "A dog runs.", "Ada walks in London."]
with torch.no_grad():
    scores = model(**tokenizer([query] * 3, documents, padding=True, return_tensors="pt")).logits[:, 0].sigmoid().tolist()
save(folder, dict(query=query, documents=documents, scores=scores))

backbone, model, tokenizer = make("encoder", BertModel, 6)
folder = os.path.join(ROOT, "vectors")
shutil.rmtree(folder, ignore_errors=True)
transformer = models.Transformer(backbone, max_seq_length=12)
pooling = models.Pooling(8, pooling_mode_mean_tokens=True, pooling_mode_max_tokens=True)
dense = models.Dense(16, 5)
torch.manual_seed(7)
torch.nn.init.normal_(dense.linear.weight)
embedder = SentenceTransformer(modules=[transformer, pooling, dense, models.Normalize()], prompts={"query": "who ", "passage": ""}, device="cpu")
embedder.save(folder, create_model_card=False)
save(folder, [dict(text=t, prompt=p, embedding=embedder.encode(t, prompt_name=p).tolist()) for t in TEXTS + [CONTEXT] for p in ("query", "passage")])
shutil.rmtree(backbone)
