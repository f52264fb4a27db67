"""Writes Tests/AttentionSignalsTests/Fixtures: python3 scripts/make-signal-fixtures.py

Needs numpy, scipy, librosa, soundfile, torch, torchaudio, torchvision, transformers and Pillow (made with numpy 2.4.6, scipy 1.17.1, librosa
0.11.0, soundfile 0.14.0, torch 2.15.0, torchaudio 2.11.1, torchvision 0.29.2, transformers 5.24.0, Pillow 13.0.0 with libjpeg-turbo; seed 16).
Numbers are float32, least significant byte first, as numpy.ndarray.tofile writes them; pictures as references give them are raw bytes.
"""

import gzip
import io
import json
import pathlib
import struct
import zlib

import librosa
import numpy as np
import soundfile
import torch
import torchaudio
from PIL import Image
from torchvision.transforms.v2 import functional as vision
from transformers import ASTFeatureExtractor, Wav2Vec2FeatureExtractor, WhisperFeatureExtractor
from transformers.models.bit.image_processing_bit import BitImageProcessor
from transformers.models.bit.image_processing_pil_bit import BitImageProcessorPil
from transformers.models.blip.image_processing_blip import BlipImageProcessor
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.models.clip.image_processing_clip import CLIPImageProcessor
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.convnext.image_processing_convnext import ConvNextImageProcessor
from transformers.models.convnext.image_processing_pil_convnext import ConvNextImageProcessorPil
from transformers.models.deit.image_processing_deit import DeiTImageProcessor
from transformers.models.deit.image_processing_pil_deit import DeiTImageProcessorPil
from transformers.models.detr.image_processing_detr import DetrImageProcessor
from transformers.models.detr.image_processing_pil_detr import DetrImageProcessorPil
from transformers.models.siglip.image_processing_siglip import SiglipImageProcessor
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.vit.image_processing_vit import ViTImageProcessor
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

folder = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "AttentionSignalsTests" / "Fixtures"
generator = np.random.default_rng(16)


def save(name, values):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(values, bytes):
        path.write_bytes(values)
    elif isinstance(values, str):
        path.write_text(values)
    elif values.dtype == np.uint8:
        path.write_bytes(np.ascontiguousarray(values).tobytes())
    else:
        np.ascontiguousarray(values, dtype="<f4").tofile(path)


# Sounds: WAV files in every form, and their samples as soundfile reads them.

def tone(count, rate, channels):
    time = np.arange(count)[:, None] / rate
    frequencies = 220 * (1 + np.arange(channels))[None]
    return 0.6 * np.sin(2 * np.pi * frequencies * time) + 0.1 * generator.standard_normal((count, channels))


def wav(samples, rate, subtype, form="WAV"):
    data = io.BytesIO()
    soundfile.write(data, samples, rate, subtype=subtype, format=form)
    file = bytearray(data.getvalue())
    if b"PEAK" in file:  # that chunk says when it was written
        time = file.index(b"PEAK") + 12
        file[time : time + 4] = bytes(4)
    return bytes(file)


for name, subtype, channels, form in [
    ("pcm8", "PCM_U8", 1, "WAV"), ("pcm16", "PCM_16", 2, "WAV"), ("pcm24", "PCM_24", 1, "WAV"),
    ("pcm32", "PCM_32", 2, "WAV"), ("float32", "FLOAT", 1, "WAV"), ("float64", "DOUBLE", 2, "WAV"),
    ("extensible16", "PCM_16", 8, "WAVEX"), ("extensible24", "PCM_24", 2, "WAVEX"), ("extensible-float", "FLOAT", 1, "WAVEX"),
]:
    data = wav(np.clip(tone(97, 8000, channels), -1, 0.999), 8000, subtype, form)
    save(f"wav/{name}.wav", data)
    save(f"wav-samples/{name}", soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)[0])
save("wav/empty.wav", wav(np.zeros((0, 1)), 16000, "PCM_16"))
save("wav/one-sample.wav", wav(np.array([[0.5]]), 44100, "PCM_16"))
data = wav(tone(50, 8000, 1), 8000, "PCM_16")
save("wav/odd-chunk.wav", data[:12] + b"LIST\x03\0\0\0abc\0" + data[12:])

# Resampling: torchaudio's definition, in double precision.

sound = tone(400, 44100, 1)[:, 0]
save("resampling/input", sound)
sound = sound.astype(np.float32).astype(np.float64)
filters = {
    "hann": dict(lowpass_filter_width=6, rolloff=0.99, resampling_method="sinc_interp_hann"),
    "kaiser-fast": dict(
        lowpass_filter_width=16, rolloff=0.85, resampling_method="sinc_interp_kaiser", beta=8.555504641634386),
    "kaiser-best": dict(
        lowpass_filter_width=64, rolloff=0.9475937167399596, resampling_method="sinc_interp_kaiser",
        beta=14.769656459379492),
}
for name, options in filters.items():
    for source, target in [(44100, 16000), (8000, 16000), (48000, 16000), (16000, 22050)]:
        resampled = torchaudio.functional.resample(torch.from_numpy(sound), source, target, **options)
        save(f"resampling/{name}-{source}-{target}", resampled.numpy())

# Fourier transforms, in double precision.

sizes = [1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16, 30, 60, 64, 97, 100, 121, 127, 202, 400, 512, 1024]
for size in sizes:
    transform = np.fft.rfft(np.sin(np.arange(size) ** 2 * 0.1) + np.arange(size) % 3)
    save(f"fourier/{size}", np.concatenate([transform.real, transform.imag]))

# Spectrograms.

speech = (0.5 * np.sin(2 * np.pi * (200 + 900 * np.arange(2400) / 16000) * np.arange(2400) / 16000)
          * np.exp(-np.arange(2400) / 2000) + 0.01 * generator.standard_normal(2400)).astype(np.float32)
speech[1000:1400] = 0
speech = (np.round(speech * 32768) / 32768).astype(np.float32)
save("spectrograms/speech.wav", wav(speech, 16000, "PCM_16"))
speech = soundfile.read(folder / "spectrograms/speech.wav", dtype="float32")[0]
for bands in [80, 128]:
    extractor = WhisperFeatureExtractor(feature_size=bands)
    padded = extractor(speech, sampling_rate=16000, return_tensors="np")["input_features"][0]
    assert padded.shape == (bands, 3000)
    save(f"spectrograms/whisper-{bands}", padded[:, :20])  # behind it is silence
    assert np.abs(padded[:, 20:] - padded[0, 2999]).max() == 0
    plain = extractor(speech, sampling_rate=16000, return_tensors="np", padding="do_not_pad")["input_features"][0]
    save(f"spectrograms/whisper-{bands}-plain", plain)
features = ASTFeatureExtractor()(speech, sampling_rate=16000, return_tensors="np")["input_values"][0]
assert features.shape == (1024, 128) and np.ptp(features[20:]) == 0
save("spectrograms/ast", features[:20])
for name, scale in [("slaney", False), ("htk", True)]:
    mel = librosa.feature.melspectrogram(
        y=speech.astype(np.float64), sr=16000, n_fft=256, hop_length=256, n_mels=20, htk=scale)
    save(f"spectrograms/librosa-{name}", librosa.power_to_db(mel, ref=np.max).T)
    save(f"spectrograms/mel-{name}", librosa.filters.mel(sr=16000, n_fft=128, n_mels=12, htk=scale))
for normalized in [True, False]:
    extractor = Wav2Vec2FeatureExtractor(do_normalize=normalized)
    save(f"spectrograms/waveform-{normalized}", extractor(speech, sampling_rate=16000, return_tensors="np")["input_values"][0][::8])
    save(f"spectrograms/waveform-{normalized}.json", json.dumps(extractor.to_dict(), indent=1))
save("spectrograms/whisper-128.json", json.dumps({k: v for k, v in WhisperFeatureExtractor(feature_size=128).to_dict().items() if k != "mel_filters"}))
save("spectrograms/ast.json", json.dumps({k: v for k, v in ASTFeatureExtractor().to_dict().items() if k not in ("mel_filters", "window")}))
kaldi = torchaudio.compliance.kaldi.fbank(
    torch.from_numpy(speech.astype(np.float64))[None], sample_frequency=16000, num_mel_bins=40, window_type="povey")
save("spectrograms/kaldi", kaldi.numpy())
power = np.abs(librosa.stft(speech.astype(np.float64), n_fft=400, hop_length=300, pad_mode="reflect")) ** 2
save("spectrograms/power", power.T)


# Pictures. A scene with edges, gradients and noise, so that every step of a codec has something to do.

def scene(width, height):
    y, x = np.mgrid[0:height, 0:width]
    red = 127 + 120 * np.sin(x / 5.0) * np.cos(y / 9.0)
    green = 255 * ((x // 7 + y // 5) % 2)
    blue = 255 * (x + y) / (width + height) + generator.integers(-20, 20, (height, width))
    return np.clip(np.stack([red, green, blue], -1), 0, 255).astype(np.uint8)


def png(width, height, depth, color, data, interlaced=False, chunks=b""):
    """A PNG file of samples [height, width, samples], with filters that change from line to line."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    def lines(part):
        rows, columns, samples = part.shape
        if rows == 0 or columns == 0:
            return b""
        if depth == 16:
            packed = part.astype(">u2").reshape(rows, -1).view(np.uint8)
        elif depth == 8:
            packed = part.astype(np.uint8).reshape(rows, -1)
        else:
            bits = np.unpackbits(part.astype(np.uint8).reshape(rows, -1, 1), axis=-1)[..., -depth:]
            packed = np.packbits(bits.reshape(rows, -1), axis=-1)
        distance = max(1, depth * samples // 8)
        out, above = b"", np.zeros(packed.shape[1], np.int32)
        for index, line in enumerate(packed.astype(np.int32)):
            left = np.concatenate([np.zeros(distance, np.int32), line[:-distance]])[: len(line)]
            corner = np.concatenate([np.zeros(distance, np.int32), above[:-distance]])[: len(line)]
            guess = left + above - corner
            toLeft, toAbove, toCorner = abs(guess - left), abs(guess - above), abs(guess - corner)
            paeth = np.where((toLeft <= toAbove) & (toLeft <= toCorner), left, np.where(toAbove <= toCorner, above, corner))
            kind = index % 5
            base = [0, left, above, (left + above) // 2, paeth][kind]
            out += bytes([kind]) + ((line - base) % 256).astype(np.uint8).tobytes()
            above = line
        return out

    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b"".join(lines(data[y::dy, x::dx]) for x, y, dx, dy in passes)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    packed = zlib.compress(raw, 9)
    middle = len(packed) // 2
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks + chunk(b"IDAT", packed[:middle])
            + chunk(b"IDAT", packed[middle:]) + chunk(b"IEND", b""))


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def reference(data):
    """The pixels as Pillow has them, [height, width, 1 to 4]; of 16 bits, the high bytes."""
    picture = Image.open(io.BytesIO(data))
    if picture.mode.startswith("I"):
        return (np.array(picture).astype(np.uint32) >> 8).astype(np.uint8)[..., None]
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif "transparency" in picture.info:
        picture = picture.convert({"RGB": "RGBA", "L": "LA", "1": "LA"}[picture.mode])
    elif picture.mode == "1":
        picture = picture.convert("L")
    pixels = np.array(picture)
    if data[25] == 4:  # grey with alpha, of which Pillow makes four samples where they have 16 bits
        pixels = pixels[..., [0, -1]]
    return pixels if pixels.ndim == 3 else pixels[..., None]


width, height = 21, 13
samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
colors = generator.integers(0, 256, (256, 3)).astype(np.uint8)
for color, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
    for depth in depths:
        data = generator.integers(0, 1 << depth, (height, width, samples[color]))
        for interlaced in [False, True]:
            chunks = chunk(b"PLTE", colors[: 1 << depth].tobytes()) if color == 3 else b""
            file = png(width, height, depth, color, data, interlaced, chunks)
            name = f"{color}-{depth}{'-interlaced' if interlaced else ''}"
            save(f"png/{name}.png", file)
            save(f"png-pixels/{name}.png", reference(file))
pixels = generator.integers(0, 4, (height, width, 1))
file = png(width, height, 2, 3, pixels, chunks=chunk(b"PLTE", colors[:4].tobytes()) + chunk(b"tRNS", b"\x00\x80"))
save("png/palette-alpha.png", file)
save("png-pixels/palette-alpha.png", reference(file))
file = png(width, height, 8, 0, pixels, chunks=chunk(b"tRNS", b"\x00\x02"))
save("png/grey-transparent.png", file)
save("png-pixels/grey-transparent.png", reference(file))
file = png(width, height, 8, 2, pixels.repeat(3, -1), chunks=chunk(b"tRNS", b"\0\x01" * 3))
save("png/rgb-transparent.png", file)
save("png-pixels/rgb-transparent.png", reference(file))

# JPEG files as libjpeg-turbo writes them, and their pixels as it reads them.

def jpeg(picture, **options):
    data = io.BytesIO()
    picture.save(data, "JPEG", **options)
    return data.getvalue()


photo = Image.fromarray(scene(37, 27))
files = {
    "444": jpeg(photo, quality=90, subsampling="4:4:4"),
    "422": jpeg(photo, quality=85, subsampling="4:2:2"),
    "420": jpeg(photo, quality=75, subsampling="4:2:0"),
    "420-even": jpeg(Image.fromarray(scene(48, 32)), quality=60, subsampling="4:2:0"),
    "411": jpeg(photo, quality=80, subsampling="4:1:1"),
    "restarts": jpeg(photo, quality=75, subsampling="4:2:0", restart_marker_blocks=2),
    "progressive-444": jpeg(photo, quality=90, subsampling="4:4:4", progressive=True),
    "progressive-420": jpeg(photo, quality=50, subsampling="4:2:0", progressive=True),
    "progressive-restarts": jpeg(photo, quality=75, progressive=True, restart_marker_rows=1),
    "grey": jpeg(photo.convert("L"), quality=80),
    "grey-progressive": jpeg(photo.convert("L"), quality=80, progressive=True),
    "optimized": jpeg(photo, quality=30, optimize=True),
    "best": jpeg(photo, quality=100, subsampling="4:4:4"),
    "rgb": jpeg(photo, quality=80, keep_rgb=True),
    "cmyk": jpeg(photo.convert("CMYK"), quality=80),
    "one-pixel": jpeg(Image.fromarray(scene(1, 1)), subsampling="4:2:0"),
    "three-wide": jpeg(Image.fromarray(scene(3, 17)), subsampling="4:2:0"),
    "five-wide": jpeg(Image.fromarray(scene(5, 2)), subsampling="4:2:2"),
}
# YCCK and half height alone (4:4:0) are files that Pillow does not write: Adobe's byte of the CMYK file is set, and the factors of a 4:2:2 file are
# exchanged, its sizes with them – another picture of the same blocks.
ycck = bytearray(files["cmyk"])
adobe = bytes(ycck).index(b"Adobe")
ycck[adobe + 11] = 2
files["ycck"] = bytes(ycck)
exchanged = bytearray(jpeg(Image.fromarray(scene(32, 16)), quality=85, subsampling="4:2:2"))
frame = bytes(exchanged).index(b"\xff\xc0")
exchanged[frame + 5 : frame + 9] = struct.pack(">HH", 32, 16)
exchanged[frame + 11] = 0x12
files["440"] = bytes(exchanged)
for name, data in files.items():
    save(f"jpeg/{name}.jpg", data)
    picture = Image.open(io.BytesIO(data))
    pixels = np.array(picture.convert("RGB") if picture.mode == "CMYK" else picture)
    save(f"jpeg-pixels/{name}.jpg", pixels)
small = Image.fromarray(scene(11, 6))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = jpeg(small, quality=90, exif=exif)
    save(f"orientation/{orientation}.jpg", data)
    from PIL import ImageOps
    turned = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    save(f"orientation-pixels/{orientation}-{turned.width}x{turned.height}", np.array(turned))

# Resizing: Pillow's and torch's bytes, torch's floats.

photo = scene(26, 17)
save("resizing/photo", photo)
alpha = np.concatenate([photo, generator.integers(0, 256, (17, 26, 1)).astype(np.uint8)], -1)
save("resizing/alpha", alpha)
targets = [(11, 7), (21, 20), (26, 5), (9, 17), (1, 1), (50, 3)]
resampling = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}
for name, number in resampling.items():
    for width, height in targets:
        save(f"resizing/pillow-{name}-{width}x{height}", np.array(Image.fromarray(photo).resize((width, height), number)))
save("resizing/pillow-alpha-11x7", np.array(Image.fromarray(alpha).resize((11, 7), 3)))
flat = Image.alpha_composite(Image.new("RGBA", (26, 17), (255,) * 4), Image.fromarray(alpha)).convert("RGB")
save("resizing/flattened", np.array(flat))
save("resizing/grey", np.array(Image.fromarray(photo).convert("L")))
bytes_ = torch.from_numpy(photo).permute(2, 0, 1)
floats = bytes_.double() / 255
for name in ["bilinear", "bicubic"]:
    for width, height in targets:
        resized = torch.nn.functional.interpolate(bytes_[None], size=(height, width), mode=name, antialias=True)[0]
        save(f"resizing/torch-{name}-{width}x{height}", resized.permute(1, 2, 0).numpy())
        for antialias in [True, False]:
            resized = torch.nn.functional.interpolate(floats[None], size=(height, width), mode=name, antialias=antialias)[0]
            if (width, height) in targets[:3]:
                save(f"resizing/float-{name}-{'antialias' if antialias else 'plain'}-{width}x{height}", resized.numpy())

# IDX files: two by three elements of every type, one of them compressed.

elements = np.array([[1, -2, 3], [100, 0, -128]])
for number, kind in [(8, ">u1"), (9, ">i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")]:
    save(f"idx/{number}.idx", struct.pack(">HBBII", 0, number, 2, 2, 3) + (elements % 256 if number == 8 else elements).astype(kind).tobytes())
save("idx/11.idx.gz", gzip.compress((folder / "idx/11.idx").read_bytes(), mtime=0))

# Image processors: transformers' own, small sizes, both of its backends; the configuration they save.

small = dict(
    vit=(ViTImageProcessor, ViTImageProcessorPil, dict(size={"height": 14, "width": 10})),
    swin=(ViTImageProcessor, ViTImageProcessorPil, dict(
        size={"height": 11, "width": 11}, resample=3, image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225])),
    deit=(DeiTImageProcessor, DeiTImageProcessorPil, dict(
        size={"height": 16, "width": 16}, crop_size={"height": 11, "width": 11})),
    clip=(CLIPImageProcessor, CLIPImageProcessorPil, dict(
        size={"shortest_edge": 12}, crop_size={"height": 12, "width": 12})),
    siglip=(SiglipImageProcessor, SiglipImageProcessorPil, dict(size={"height": 12, "width": 12})),
    dinov2=(BitImageProcessor, BitImageProcessorPil, dict(
        size={"shortest_edge": 11}, crop_size={"height": 18, "width": 9})),
    blip=(BlipImageProcessor, BlipImageProcessorPil, dict(size={"height": 13, "width": 13})),
    convnext=(ConvNextImageProcessor, ConvNextImageProcessorPil, dict(size={"shortest_edge": 10})),
    detr=(DetrImageProcessor, DetrImageProcessorPil, dict(size={"shortest_edge": 15, "longest_edge": 19})),
    plain=(ViTImageProcessor, ViTImageProcessorPil, dict(do_resize=False, do_normalize=False)),
    legacy=(CLIPImageProcessor, CLIPImageProcessorPil, dict(size=9, crop_size=9)),
)
picture = Image.fromarray(photo)
for name, (torch_class, pil_class, options) in small.items():
    configuration = torch_class(**options).to_dict()
    if name == "legacy":  # as the first versions wrote it
        configuration = dict(
            do_center_crop=True, do_normalize=True, do_resize=True, feature_extractor_type="CLIPFeatureExtractor",
            image_mean=configuration["image_mean"], image_std=configuration["image_std"], resample=3, size=9, crop_size=9)
    save(f"processors/{name}.json", json.dumps(configuration, indent=1, default=str))
    for backend, cls in [("torch", torch_class), ("pillow", pil_class)]:
        pixels = np.asarray(cls(**options)(picture, return_tensors="np")["pixel_values"][0])
        save(f"processors/{name}-{backend}-{pixels.shape[1]}x{pixels.shape[2]}", pixels)
