"""Connections of HTTP/1.1 that are kept, and cost the machine that is measured as little as may be."""
import asyncio
import dataclasses


@dataclasses.dataclass
class Answer:
    status: int
    id: str
    body: bytes


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self):
        self.received, self.waiting, self.transport = bytearray(), None, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0 or self.waiting is None:
            return
        lines = bytes(self.received[:end]).split(b"\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in lines[1:])
        length = int(fields[b"content-length"])
        if len(self.received) < end + 4 + length:
            return
        answer = Answer(int(lines[0].split(b" ", 2)[1]), fields.get(b"x-request-id", b"").decode(), bytes(self.received[end + 4 : end + 4 + length]))
        del self.received[: end + 4 + length]
        if fields.get(b"connection") == b"close":
            self.transport.close()
        self.waiting, waiting = None, self.waiting
        if not waiting.done():
            waiting.set_result(answer)

    def connection_lost(self, error):
        self.transport = None
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(ConnectionResetError())

    @property
    def is_open(self):
        return self.transport is not None and not self.transport.is_closing()

    def ask(self, request):
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.waiting


class Pool:
    """As many connections to a port as are needed at once, up to a number."""

    def __init__(self, port, most=1000):
        self.port, self.idle, self.room = port, [], asyncio.Semaphore(most)

    async def ask(self, request):
        """The answer; OSError if the connection ends without one."""
        async with self.room:
            connection = self._idle() or (await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", self.port))[1]
            answer = await connection.ask(request)
            if connection.is_open:
                self.idle.append(connection)
            return answer

    def _idle(self):
        while self.idle:
            if (connection := self.idle.pop()).is_open:
                return connection
        return None

    def close(self):
        while self.idle:
            if (connection := self.idle.pop()).is_open:
                connection.transport.close()
