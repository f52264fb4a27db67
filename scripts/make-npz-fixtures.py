#!/usr/bin/env python3
"""Makes Tests/AttentionModelsTests/Fixtures/Marian/npz: the model of the folder `attention` beside it as training leaves one, an archive of
numpy's arrays, of which every second is deflated; with the same vocabulary.

    python3 scripts/make-npz-fixtures.py        (numpy)
"""
import io, os, shutil, struct, zipfile
import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "AttentionModelsTests", "Fixtures", "Marian")
SOURCE, FOLDER = os.path.join(ROOT, "attention"), os.path.join(ROOT, "npz")


def items(data):
    """Name, type, shape and bytes of each item of a container."""
    count = struct.unpack_from("<Q", data, 8)[0]
    heads = [struct.unpack_from("<4Q", data, 16 + 32 * i) for i in range(count)]
    at, names, shapes = 16 + 32 * count, [], []
    for size, *_ in heads:
        names.append(data[at:at + size - 1].decode())
        at += size
    for head in heads:
        shapes.append(struct.unpack_from(f"<{head[2]}i", data, at))
        at += 4 * head[2]
    at += 8 + struct.unpack_from("<Q", data, at)[0]
    for name, shape, (_, kind, _, size) in zip(names, shapes, heads):
        yield name, kind, shape, data[at:at + size]
        at += size


shutil.rmtree(FOLDER, ignore_errors=True)
os.makedirs(FOLDER)
for name in ["vocab.xxyy.spm", "config.yml"]:
    shutil.copy(os.path.join(SOURCE, name), FOLDER)
with zipfile.ZipFile(os.path.join(FOLDER, "model.npz"), "w") as archive:
    for number, (name, kind, shape, data) in enumerate(items(open(os.path.join(SOURCE, "model.xxyy.intgemm.alphas.bin"), "rb").read())):
        number_type, size = {0x0404: ("<f4", 4), 0x0101: ("i1", 1)}[kind]
        array = np.frombuffer(data, number_type, int(np.prod(shape))).reshape(shape)
        out = io.BytesIO()
        np.save(out, array)
        entry = zipfile.ZipInfo(name + ".npy", (2026, 1, 1, 0, 0, 0))
        entry.compress_type = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED][number % 2]
        with archive.open(entry, "w", force_zip64=True) as file:  # as numpy.savez does
            file.write(out.getvalue())
