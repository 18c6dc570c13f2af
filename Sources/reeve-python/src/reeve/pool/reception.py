"""Where workers connect, and what they say from then on."""

import asyncio
import logging
import os
import secrets
import sys
import time
from collections.abc import Callable

from ..errors import ReeveError
from . import frames
from .dispatcher import Dispatcher, Worker
from .record import Record

log = logging.getLogger("reeve")

_ADMISSION_SECONDS_MAX = 10


class Reception:
    """Takes in workers that know the secret and are `expected`; `joined` and `parted` tell of their connections."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        record: Record | None,
        *,
        expected: Callable[[frames.Hello], bool],
        joined: Callable[[str], None],
        parted: Callable[[str], None],
    ) -> None:
        self.address = ""
        """Where workers reach it, once it is open."""
        self.secret = record.secret() if record else secrets.token_bytes(32)
        self._dispatcher = dispatcher
        self._record = record
        self._expected = expected
        self._joined = joined
        self._parted = parted
        self._writers: dict[str, asyncio.StreamWriter] = {}
        self._visits: set[asyncio.Task[None]] = set()

    async def open(self, address: str) -> None:
        """Listens at `HOST:PORT`; on the port of before where there is a record. Raises `ReeveError`."""
        host, _, port = address.rpartition(":")
        self._server = await self._listen(host.strip("[]"), int(port))
        bound = str(self._server.sockets[0].getsockname()[1])
        self.address = f"{host}:{bound}"
        if self._record:
            self._record.set_name("port", bound)

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        wanted = int(self._record.name("port", str(port))) if self._record else port
        try:
            return await asyncio.start_server(self._serve, host, wanted)
        except OSError as error:
            if wanted == port:
                raise ReeveError("conflict", f'"{host}:{port}" cannot be listened on: {error}', "listen") from error
            # Somebody else has it by now: workers of before do not find this process, and are ended in a while.
            return await asyncio.start_server(self._serve, host, port)

    async def close(self) -> None:
        """Ends all connections."""
        self._server.close()
        visits = list(self._visits)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)

    @property
    def is_empty(self) -> bool:
        """Whether no worker is connected."""
        return not self._writers

    def has(self, task: str) -> bool:
        """Whether a worker is connected."""
        return task in self._writers

    def dismiss(self, task: str) -> None:
        """Ends a worker's connection, if there is one; that is not told again."""
        if writer := self._writers.pop(task, None):
            writer.close()

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.create_task(self._receive(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_ADMISSION_SECONDS_MAX):
                await frames.admit(reader, writer, self.secret)
                hello = await frames.read(reader)
            if isinstance(hello, frames.Hello) and self._expected(hello):
                await self._converse(hello, reader, writer)
        except PermissionError as error:
            log.warning("refused: %s", error)
        except (TimeoutError, EOFError, OSError):
            # `IncompleteReadError` is an `EOFError`.
            pass
        finally:
            writer.close()

    async def _converse(self, hello: frames.Hello, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        worker = Worker(hello.task, hello.attempt, lambda frame: writer.write(frames.encode(frame)))
        worker.send(frames.Welcome([os.path.abspath(path) for path in sys.path]))
        self._writers[hello.task] = writer
        self._keep(worker, hello.results)
        self._dispatcher.join(worker, hello, time.monotonic())
        self._joined(hello.task)
        try:
            while True:
                self._hear(worker, await frames.read(reader))
        finally:
            worker.leaving = True
            if self._writers.get(hello.task) is writer:
                del self._writers[hello.task]
                self._parted(hello.task)

    def _hear(self, worker: Worker, frame: frames.Frame) -> None:
        match frame:
            case frames.Results(results):
                self._keep(worker, results)
                self._dispatcher.results(worker, results, time.monotonic())
            case frames.GivenBack(keys):
                self._dispatcher.given_back(worker, keys, time.monotonic())

    def _keep(self, worker: Worker, results: list[frames.Result]) -> None:
        if self._record and results:
            self._record.add_results(results)
            worker.send(frames.Kept([result.key for result in results]))
