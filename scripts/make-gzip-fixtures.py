"""Writes the gzip fixtures of AttentionTensorsTests: python3 scripts/make-gzip-fixtures.py

Made with Python's gzip and zlib; the contents are lines counted up, so that the tests can build them again.
"""

import gzip
import io
import pathlib
import struct
import zlib

directory = pathlib.Path(__file__).parent.parent / "Tests" / "Fixtures" / "Gzip"


def lines(count):
    return "".join(f"line {i}: {i * i * 7919 % 10007} é\n" for i in range(count)).encode()


def compressed(data, level):
    return gzip.compress(data, level, mtime=0)


def raw(data, level, strategy=zlib.Z_DEFAULT_STRATEGY):
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    return deflate.compress(data) + deflate.flush()


def member(data, stream, flags=0, fields=b""):
    header = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\x03" + fields
    if flags & 2:
        header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    return header + stream + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def stored_then_coded(data):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    pieces = [deflate.compress(data[:100]), deflate.flush(zlib.Z_FULL_FLUSH)]
    return b"".join(pieces + [deflate.compress(data[100:]), deflate.flush()])


text = lines(400)
extra = b"ab\x03\x00xyz"
fields = struct.pack("<H", len(extra)) + extra + "näme.tsv".encode("latin-1") + b"\0" + b"a comment\0"
fixtures = {
    "level0": compressed(text, 0),
    "level1": compressed(text, 1),
    "level9": compressed(text, 9),
    "fixed-codes": member(text, raw(text, 9, zlib.Z_FIXED)),
    "huffman-only": member(text, raw(text, 9, zlib.Z_HUFFMAN_ONLY)),
    "empty": compressed(b"", 9),
    "one-byte-repeated": compressed(b"a" * 100_000, 9),
    "two-members": compressed(lines(3), 9) + compressed(b"", 9) + compressed(lines(5), 1),
    "all-fields": member(lines(3), raw(lines(3), 9), 2 | 4 | 8 | 16, fields),
    "flushed": member(text, stored_then_coded(text)),
}
directory.mkdir(parents=True, exist_ok=True)
for name, data in fixtures.items():
    gzip.GzipFile(fileobj=io.BytesIO(data)).read()
    (directory / f"{name}.gz").write_bytes(data)
