#!/usr/bin/env python3
"""Small pictures of figures for Tests/AttentionTests/Inspection/PictureTests.swift, and the trace that they show.

    scripts/make-picture-fixtures.py path/to/attend

Chromium draws the SVG of each view, so that what the tests compare our PDF (by poppler) and PNG (by librsvg) with was drawn by another program
than either. The pictures are reduced to the mean of each block of 4 by 4 pixels: where lines and cells stand and what colour they have is seen,
by which font a letter was drawn is nearly not. Needs Chromium and Pillow. Look at what it has written before committing it.
"""

import json
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "Tests/AttentionTests/Fixtures/Pictures"
VIEWS = ["alignment", "heads", "model", "arcs"]
WORDS = ["Le", "chat", "noir", "dort", "là", "."]
BLOCK = 4


def weights():
    """Two layers of two heads: the word before, the word itself, all alike, the word opposite; each with a tenth for the first word."""
    n = len(WORDS)
    heads = [lambda q, k: k == max(0, q - 1), lambda q, k: k == q, lambda q, k: 1 / n, lambda q, k: k == n - 1 - q]
    return [0.9 * head(q, k) + 0.1 * (k == 0) for head in heads for q in range(n) for k in range(n)]


def write_trace(path):
    n, numbers = len(WORDS), weights()
    head = {"version": 1, "name": "toy", "sequences": [
        {"name": "text", "text": " ".join(WORDS), "pieces": WORDS, "words": list(range(n)), "wordTexts": WORDS,
         "offsets": [None] * n, "segments": [None] * n}],
        "attention": [{"kind": "encoder", "queries": "text", "keys": "text", "layers": [0, 1], "heads": [0, 1],
                       "chosen": {"layer": 0, "head": 0}}]}
    header = json.dumps({"__metadata__": {"trace": json.dumps(head, ensure_ascii=False)}, "encoder": {
        "dtype": "F32", "shape": [2, 2, n, n], "data_offsets": [0, 4 * len(numbers)]}}, ensure_ascii=False).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(struct.pack("<Q", len(header)) + header + struct.pack(f"<{len(numbers)}f", *numbers))


def reduced(picture):
    """The mean of each whole block."""
    width, height = picture.width // BLOCK, picture.height // BLOCK
    return picture.convert("RGB").crop((0, 0, width * BLOCK, height * BLOCK)).reduce(BLOCK)


def drawn(svg, folder):
    """What Chromium makes of an SVG, in the colours of paper."""
    size = re.search(r'width="(\d+)" height="(\d+)"', svg.read_text())
    picture = folder / "drawn.png"
    # Windows of less than a few hundred pixels are made wider: what is too much is cut off.
    subprocess.run(
        ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={picture}",
         "--window-size=1200,1000", f"file://{svg}"], check=True, stderr=subprocess.DEVNULL)
    return Image.open(picture).crop((0, 0, int(size[1]), int(size[2])))


def main():
    attend = Path(sys.argv[1]).resolve()
    FOLDER.mkdir(parents=True, exist_ok=True)
    trace = FOLDER / "trace.safetensors"
    write_trace(trace)
    with tempfile.TemporaryDirectory() as folder:
        for view in VIEWS:
            svg = Path(folder) / f"{view}.svg"
            subprocess.run([attend, "inspect", "--trace", trace, "--view", view, "--output", svg], check=True)
            reduced(drawn(svg, Path(folder))).save(FOLDER / f"{view}.png", optimize=True)


if __name__ == "__main__":
    main()
