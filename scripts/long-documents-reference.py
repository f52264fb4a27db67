#!/usr/bin/env python3
"""The twin of Examples/LongDocuments in PyTorch: six layers over a document, forward and backward.

    python3 scripts/long-documents-reference.py LENGTH window|full kept|recomputed [--threads 2]

The window is computed in blocks of 128 queries, each with the 384 keys it may see (a mask takes care of the edges), since no kernel of PyTorch for
processors skips what is masked. Prints the seconds of the second of two passes and the most memory the process has held, less what PyTorch itself takes.
"""
import argparse, resource, time
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

BLOCK = 128


def window(q, k, v):
    batch, heads, length, size = q.shape
    rest = -length % BLOCK
    q, k, v = (F.pad(t, (0, 0, 0, rest)) for t in (q, k, v))
    count = (length + rest) // BLOCK
    k, v = (F.pad(t, (0, 0, BLOCK, BLOCK)).unfold(2, 3 * BLOCK, BLOCK).transpose(3, 4) for t in (k, v))
    place = torch.arange(count)[:, None] * BLOCK
    queries, keys = place + torch.arange(BLOCK), place - BLOCK + torch.arange(3 * BLOCK)
    seen = ((queries[:, :, None] - keys[:, None, :]).abs() <= BLOCK) & (keys >= 0)[:, None] & (keys < length)[:, None]
    q = q.reshape(batch, heads, count, BLOCK, size)
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=seen | (queries >= length)[:, :, None])
    return out.reshape(batch, heads, count * BLOCK, size)[:, :, :length]


class Layer(nn.Module):
    def __init__(self, view):
        super().__init__()
        self.view = view
        self.maps = nn.ModuleList(nn.Linear(256, 256) for _ in range(4))
        self.norms = nn.ModuleList(nn.LayerNorm(256) for _ in range(2))
        self.up, self.down = nn.Linear(256, 1024), nn.Linear(1024, 256)

    def forward(self, x):
        y = self.norms[0](x)
        q, k, v = (m(y).unflatten(2, (4, 64)).transpose(1, 2) for m in self.maps[:3])
        read = window(q, k, v) if self.view == "window" else F.scaled_dot_product_attention(q, k, v)
        x = x + self.maps[3](read.transpose(1, 2).flatten(2))
        return x + self.down(F.gelu(self.up(self.norms[1](x))))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("length", type=int)
    parser.add_argument("view", choices=["window", "full"])
    parser.add_argument("activations", choices=["kept", "recomputed"])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    words, layers = nn.Embedding(8000, 256), nn.ModuleList(Layer(options.view) for _ in range(6))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(2):
        document = torch.randint(0, 8000, (1, options.length))
        start = time.perf_counter()
        x = words(document)
        for layer in layers:
            x = checkpoint(layer, x, use_reentrant=False) if options.activations == "recomputed" else layer(x)
        # Logits in blocks, as a careful user computes them: all at once would be the largest tensor of all.
        loss = sum(
            checkpoint(lambda r, t: F.cross_entropy(r @ words.weight.T, t, reduction="sum"), rows, targets, use_reentrant=False)
            for rows, targets in zip(x[0].split(1024), document[0].split(1024))) / options.length
        loss.backward()
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{options.length}\t{options.view}\t{options.activations}\t{seconds:.2f} s\t{peak * 1024 / 1e6:.0f} MB, of which {before * 1024 / 1e6:.0f} before")


main()
