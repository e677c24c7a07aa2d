"""A real redis-server on a free port, in a folder of its own, that can be killed, frozen and started again; and a way
to it that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from pathlib import Path

import pytest

START_ATTEMPTS = 800


class RedisServer:
    """`async with RedisServer(folder) as server: … server.url`. Writes survive kill -9 when `appends`."""

    def __init__(self, folder: Path, *, appends: bool = False, options: tuple[str, ...] = ()) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not on PATH (Debian: apt-get install redis-server)")
        self._program = program
        self._folder = folder
        # "everysec" puts writes off while the disk is busy: kill -9 would lose some that were acknowledged
        self._options = ("--appendonly", "yes" if appends else "no", "--appendfsync", "no", *options)
        self._process: asyncio.subprocess.Process | None = None
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    async def __aenter__(self) -> RedisServer:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self) -> None:
        """Returns when it answers."""
        self._process = await asyncio.create_subprocess_exec(
            self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", "",
            *self._options, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(START_ATTEMPTS):
            if await self._answers():
                return
            await asyncio.sleep(0.025)
        raise AssertionError("redis-server did not start")

    async def kill(self) -> None:
        """kill -9; a frozen server dies too."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def freeze(self) -> None:
        """The kernel still accepts connections; nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    async def say(self, *words: str) -> bytes:
        """One inline command over a connection of its own; the raw first line of the reply."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(" ".join(words).encode() + b"\r\n")
            return (await reader.readline()).strip()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    async def _answers(self) -> bool:
        try:
            return await self.say("PING") == b"+PONG"
        except OSError:
            return False


class Cable:
    """The way to a server, which can be cut and joined again. `async with Cable(server.port) as cable: … cable.url`.

    one_way_s: how long it is.
    """

    def __init__(self, port: int, *, one_way_s: float = 0.0) -> None:
        self._port = port
        self._one_way_s = one_way_s
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self.url = ""

    async def __aenter__(self) -> Cable:
        self._listener = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}/0"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._listener.close()
        await self._listener.wait_closed()

    def cut(self) -> None:
        """Every connection is reset, and every new one."""
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def join(self) -> None:
        self._is_cut = False

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, back}
        await asyncio.gather(self._copied(reader, back), self._copied(there, writer))
        self._writers -= {writer, back}

    async def _copied(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while some := await reader.read(65_536):
                await asyncio.sleep(self._one_way_s)
                writer.write(some)
                await writer.drain()
        writer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
