"""Writes Tests/AttentionSignalsTests/Fixtures/flac and flac-samples: python3 scripts/make-flac-fixtures.py

Needs numpy and flac, the reference encoder (made with numpy 2.4.6 and flac 1.4.2; seed 9639). Each file's samples are float32, least significant
byte first, channels interleaved: the integers that were encoded, by 2^(bits - 1). The encoder's own decoder verifies what it wrote.
"""

import pathlib
import struct
import subprocess
import tempfile

import numpy as np

folder = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "AttentionSignalsTests" / "Fixtures"
generator = np.random.default_rng(9639)
for name in ["flac", "flac-samples"]:
    (folder / name).mkdir(parents=True, exist_ok=True)


def wav(samples, bits, rate):
    """A WAVE_FORMAT_EXTENSIBLE file, whose samples lie in the highest bits of whole bytes."""
    size, channels = (bits + 7) // 8, samples.shape[1]
    shifted = (samples << (8 * size - bits)).astype("<i8")
    if size == 1:
        shifted = shifted + 128
    data = shifted.view(np.uint8).reshape(-1, 8)[:, :size].tobytes()
    masks = {1: 4, 2: 3, 3: 7, 6: 0x3F, 8: 0x63F}
    form = struct.pack("<HHIIHH", 0xFFFE, channels, rate, rate * size * channels, size * channels, 8 * size)
    form += struct.pack("<HHI", 22, bits, masks[channels]) + b"\1\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def save(name, samples, bits, *options, rate=16000, front=b""):
    """Encodes integers [time, channels]; returns the file."""
    samples = np.asarray(samples, dtype=np.int64)
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work) / "out.flac"
        (pathlib.Path(work) / "in.wav").write_bytes(wav(samples, bits, rate))
        command = ["flac", "--silent", "--verify", "--no-padding", "--no-seektable", *options]
        if name == "unknown-length":  # from a pipe into a pipe, neither end knows
            raw = ["--force-raw-format", "--endian=little", "--sign=signed", f"--channels={samples.shape[1]}", f"--bps={bits}"]
            pipe = subprocess.run(
                command + raw + [f"--sample-rate={rate}", "--stdout", "-"], input=samples.astype("<i2").tobytes(), check=True, capture_output=True)
            path.write_bytes(pipe.stdout)
        else:
            subprocess.run(command + ["--output-name", str(path), f"{work}/in.wav"], check=True)
        data = path.read_bytes()
    (folder / f"flac/{name}.flac").write_bytes(front + data)
    (samples / 2.0 ** (bits - 1)).astype("<f4").tofile(folder / f"flac-samples/{name}")
    return data


def first_frame(data):
    """How the channels of the first frame are arranged, and the way in which the first of them is written."""
    place = 4
    while True:
        last, size = data[place] >> 7, int.from_bytes(data[place + 1 : place + 4], "big")
        place += 4 + size
        if last:
            break
    extra = {6: 1, 7: 2}.get(data[place + 2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(data[place + 2] & 15, 0)
    return data[place + 3] >> 4, data[place + 6 + extra] >> 1 & 0x3F


def tone(count, bits, channels=1, noise=0.002):
    time = np.arange(count)[:, None]
    waves = 0.6 * np.sin(time * (0.05 + 0.021 * np.arange(channels))) + 0.2 * np.sin(time * 0.31)
    waves = waves + noise * generator.standard_normal((count, channels))
    return np.round(waves * 2.0 ** (bits - 1)).astype(np.int64)


assert first_frame(save("constant", np.full((500, 1), -7), 16)) == (0, 0)
assert first_frame(save("verbatim", generator.integers(-32768, 32768, (150, 1)), 16)) == (0, 1)
for order in range(5):
    smooth = generator.integers(-3, 4, (150, 1))
    for _ in range(order):
        smooth = np.cumsum(smooth, axis=0)
    data = save(f"fixed-{order}", smooth, 32, "-0")
    assert first_frame(data) == (0, 8 + order), first_frame(data)
for bits in [8, 12, 16, 20, 24, 32]:
    save(f"bits-{bits}", tone(300, bits), bits, "-8")
repeated = np.tile(generator.integers(-9000, 9000, (32, 1)), (20, 1)) + generator.integers(-9, 9, (640, 1))
data = save("order-32", repeated, 16, "-8", "--lax", "-l", "32")
assert first_frame(data) == (0, 63), first_frame(data)
save("loud", np.where(generator.random((300, 2)) < 0.5, -32768, 32767), 16, "-8")
save("loud-32", np.where(generator.random((200, 2)) < 0.5, -(2**31), 2**31 - 1), 32, "-8")
save("wasted-bits", tone(300, 11) * 32, 16)
save("partitions", np.where(np.arange(512)[:, None] % 128 < 64, tone(512, 16, noise=0.1), 0), 16, "-8", "-r", "6")

# A pair of channels in each of the ways of writing it.
common, other = tone(400, 16, noise=0.02), generator.integers(-900, 900, (400, 2))
quiet = tone(400, 16, noise=0.0001)
pairs = {
    "independent": (np.concatenate([common, other[:, :1]], 1), 1),
    "left-side": (np.concatenate([quiet, quiet + generator.integers(-500, 500, (400, 1))], 1), 8),
    "side-right": (np.concatenate([quiet + generator.integers(-500, 500, (400, 1)), quiet], 1), 9),
    "mid-side": (generator.integers(-900, 900, (400, 1)) + other, 10),
}
for name, (samples, code) in pairs.items():
    data = save(name, samples, 16, "-8", "-m")
    assert first_frame(data)[0] == code, (name, first_frame(data))
for channels in [3, 6, 8]:
    save(f"channels-{channels}", tone(120, 16, channels), 16)

# Sizes of blocks that the header has words for, and others; the last block is shorter. Rates that it has words for, and others.
for size in [16, 17, 192, 256, 300, 576]:
    save(f"block-{size}", tone(700, 16), 16, "--lax", "-b", str(size))
save("one-sample", [[12345]], 16)
for rate in [7000, 11025, 22222, 96000, 500000]:
    save(f"rate-{rate}", tone(60, 16), 16, "--lax", rate=rate)

save("unknown-length", tone(700, 16, 2), 16, "-b", "256")
picture = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360f8cf500f0003" "8601802d5e4a8f0000000049454e44ae426082")
with tempfile.NamedTemporaryFile(suffix=".png") as file:
    file.write(picture)
    file.flush()
    tag = b"ID3\4\0\0\0\0\2\1" + bytes(range(256)) + b"?"  # 2 · 128 + 1 bytes
    save(
        "metadata", tone(300, 16), 16, "--padding=50", "-S", "2x", "-T", "TITLE=tone", f"--picture=3|image/png|||{file.name}", front=tag)
