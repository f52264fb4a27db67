#!/usr/bin/env python3
"""What most people put behind HTTP for vectors, to be measured beside attend-server: sentence-transformers in a FastAPI application under uvicorn.

    pip install fastapi uvicorn sentence-transformers
    scripts/serve-peer.py all-MiniLM-L6-v2 --port 8090
"""
import argparse

import fastapi
import pydantic
import sentence_transformers
import uvicorn

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model")
parser.add_argument("--port", type=int, default=8090)
arguments = parser.parse_args()
model = sentence_transformers.SentenceTransformer(arguments.model, device="cpu")
application = fastapi.FastAPI()


class Texts(pydantic.BaseModel):
    inputs: str | list[str]


@application.get("/health")
def health():
    return {}


# Not async: FastAPI runs it on a thread, so that others are accepted meanwhile.
@application.post("/embed")
def embed(body: Texts):
    texts = [body.inputs] if isinstance(body.inputs, str) else body.inputs
    return model.encode(texts, normalize_embeddings=True).tolist()


uvicorn.run(application, host="127.0.0.1", port=arguments.port, log_level="warning")
