"""What a result holds for: the machine, and the sources that were measured."""
import os
import platform
import subprocess

FLAGS = ("fma", "avx2", "avx512f", "avx512bw", "avx512vl", "avx512_bf16", "avx512_vnni", "avx_vnni", "avx512_fp16",
         "amx_tile", "amx_bf16", "amx_int8", "asimd", "bf16", "i8mm")


def output(*command, folder=None):
    result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return result.stdout.decode().strip()


def describe(root, threads):
    """What must be the same for lines to stand in one table."""
    fields = {}
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        for line in f:
            name, _, value = line.partition(":")
            fields.setdefault(name.strip(), value.strip())
    with open("/proc/meminfo", encoding="utf-8") as f:
        memory = int(f.readline().split()[1]) / 2 ** 20
    flags = fields.get("flags", fields.get("Features", "")).split()
    return {
        "cpu": fields.get("model name", platform.machine()),
        "family": "family %s, model %s, stepping %s" % tuple(
            fields.get(name, "?") for name in ("cpu family", "model", "stepping")),
        "flags": [flag for flag in FLAGS if flag in flags],
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "kernel": platform.release().split("-")[0],
        "threads": threads,
        "commit": output("git", "describe", "--always", "--dirty", "--abbrev=10", folder=root),
        "swift": output("swift", "--version").splitlines()[:1],
    }


def has_tiles(machine):
    return "amx_bf16" in machine["flags"]
