#!/usr/bin/env python3
"""Turns what `attend embed --output` has written into a Parquet file, one row a text, as many rows at a time as fit a row group.

    attend embed --model all-MiniLM-L6-v2 --output vectors.npy < sentences.txt
    python3 scripts/vectors-to-parquet.py vectors.npy vectors.parquet [--texts sentences.txt] [--rows 10000] [--compression zstd]

Reads float32 matrices: .npy, or .safetensors with one tensor, `embeddings`. The column `embedding` is a fixed-size list of float32; with --texts, whose lines are
as many as the vectors, there is a column `text` before it. No more than a row group is in memory. The file takes its name only when it is whole.

Needs pyarrow and numpy.
"""
import argparse
import ast
import itertools
import json
import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


class Fault(Exception):
    """What is wrong, in a sentence."""


def is_matrix(shape):
    return isinstance(shape, (tuple, list)) and len(shape) == 2 and all(type(count) is int and count >= 0 for count in shape)


def numpy_matrix(file, path):
    """Where the numbers begin, how many rows there are, and how many numbers in each."""
    start = file.read(8)
    if len(start) < 8 or start[:6] != b"\x93NUMPY" or start[6] not in (1, 2, 3):
        raise Fault(f"expected numpy's format in {path}, found other bytes")
    size = int.from_bytes(file.read(2 if start[6] == 1 else 4), "little")
    try:
        header = ast.literal_eval(file.read(size).decode("latin-1"))
        kind, shape, order = header["descr"], header["shape"], header["fortran_order"]
    except (ValueError, SyntaxError, KeyError, TypeError):
        raise Fault(f"expected a header of numpy's in {path}, found damaged text") from None
    if kind != "<f4" or order or not is_matrix(shape):
        raise Fault(f"expected a matrix of float32, row by row, in {path}, found {kind} of shape {shape}")
    return file.tell(), *shape


def safetensors_matrix(file, path):
    """The same of a safetensors file."""
    size = int.from_bytes(file.read(8), "little")
    if size > os.path.getsize(path):
        raise Fault(f"expected a header of safetensors in {path}, found a size of {size} bytes")
    try:
        header = json.loads(file.read(size))
        entry = header["embeddings"]
        kind, shape, start = entry["dtype"], entry["shape"], entry["data_offsets"][0]
    except (ValueError, KeyError, TypeError, IndexError):
        raise Fault(f"expected a tensor embeddings in {path}, found none") from None
    if kind != "F32" or not is_matrix(shape) or type(start) is not int:
        raise Fault(f"expected a matrix of F32 in {path}, found {kind} of shape {shape}")
    return 8 + size + start, *shape


def matrix_of(path):
    """The rows of a file, where they lie."""
    readers = {".npy": numpy_matrix, ".safetensors": safetensors_matrix}
    reader = readers.get(os.path.splitext(path)[1])
    if reader is None:
        raise Fault(f"expected a file ending in .npy or .safetensors, found {path}")
    with open(path, "rb") as file:
        start, row_count, size = reader(file, path)
    if size == 0 or start + 4 * row_count * size != os.path.getsize(path):
        raise Fault(f"expected {row_count} rows of {max(1, size)} numbers in {path}, found {os.path.getsize(path) - start} bytes")
    return start, row_count, size


def row_groups(path, row_count):
    """The vectors, so many rows at a time."""
    start, total, size = matrix_of(path)
    with open(path, "rb") as file:
        file.seek(start)
        for first in range(0, total, row_count):
            count = min(row_count, total - first)
            yield np.fromfile(file, "<f4", count * size), count


def lines_of(path):
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n").removesuffix("\r")


def convert(options):
    _, total, size = matrix_of(options.vectors)
    columns = [pa.field("embedding", pa.list_(pa.field("item", pa.float32(), nullable=False), size), nullable=False)]
    texts = lines_of(options.texts) if options.texts else None
    if texts is not None:
        columns.insert(0, pa.field("text", pa.string(), nullable=False))
    schema = pa.schema(columns)
    with pq.ParquetWriter(options.partial, schema, compression=options.compression) as writer:
        for numbers, count in row_groups(options.vectors, options.rows):
            arrays = [pa.FixedSizeListArray.from_arrays(pa.array(numbers), type=columns[-1].type)]
            if texts is not None:
                group = list(itertools.islice(texts, count))
                if len(group) < count:
                    raise Fault(f"expected a line for each of the {total} vectors in {options.texts}, found fewer")
                arrays.insert(0, pa.array(group, pa.string()))
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=options.rows)
    if texts is not None and next(texts, None) is not None:
        raise Fault(f"expected a line for each of the {total} vectors in {options.texts}, found more")
    os.replace(options.partial, options.output)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", metavar="VECTORS.npy|.safetensors")
    parser.add_argument("output", metavar="VECTORS.parquet")
    parser.add_argument("--texts", metavar="TXT", help="the lines that the vectors were made of")
    parser.add_argument("--rows", type=int, default=10000, help="of a row group")
    parser.add_argument("--compression", default="zstd", choices=("none", "snappy", "gzip", "zstd"))
    options = parser.parse_args()
    if options.rows < 1:
        parser.error(f"--rows: expected at least 1, found {options.rows}")
    options.partial = options.output + ".partial"
    try:
        convert(options)
    except (Fault, OSError, UnicodeDecodeError) as fault:
        sys.exit(f"vectors-to-parquet: {fault}")
    finally:
        if os.path.exists(options.partial):
            os.remove(options.partial)


if __name__ == "__main__":
    main()
