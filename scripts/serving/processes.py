"""The servers that are measured, as processes."""
import json
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request


class Server:
    """A process that listens."""

    def __init__(self, command, port=None):
        """Starts it, and returns once it is ready: at a port of its own choice, which it prints, unless one is given."""
        self.log = tempfile.TemporaryFile()
        start = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = port or int(self.process.stdout.readline().split()[-1])
        while not self._is_ready():
            if self.process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {self.process.returncode}:\n{self.errors()[-2000:]}")
            time.sleep(0.002)
        self.ready_seconds = time.monotonic() - start

    def _is_ready(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health").status == 200
        except OSError:
            return False

    def memory(self, what="VmRSS"):
        """MB that it holds now. With RssAnon without pages of files, such as weights that are mapped: those come as they are read, and go as the system likes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith(what + ":"))

    def errors(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def answered(self):
        """The status of each POST that stands in the log, by its id; every id once, or it was answered twice."""
        found = {}
        for line in self.errors().splitlines():
            if "status=" not in line or "POST" not in line:
                continue
            id = re.search(r"request\.id=(\S+)", line).group(1)
            if id in found:
                raise SystemExit(f"request {id} stands in the log twice")
            found[id] = int(re.search(r"status=(\d+)", line).group(1))
        return found

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        """Its exit code."""
        if self.process.poll() is None:
            self.terminate()
        return self.process.wait(60)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request(path, body, port=0):
    data = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data
