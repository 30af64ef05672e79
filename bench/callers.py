"""Concurrent callers over kept connections, on plain streams: a full client would cost more than what it measures."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psycopg

Unit = TypeVar("Unit")


async def drive_http(port: int, requests: Iterator[bytes], until: float, callers: int) -> list[float]:
    """Seconds that each answer took, over one kept connection per caller, until `perf_counter` reads `until`.

    Raises `RuntimeError` with the head of an answer that is neither 200 nor 201.
    """
    taken = list[float]()

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (begun := time.perf_counter()) < until:
            writer.write(next(requests))
            await _answer(reader)
            taken.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(work() for _ in range(callers)))
    return taken


async def ask(port: int, request: bytes) -> bytes:
    """The body of one answer, over a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    body = await _answer(reader)
    writer.close()
    return body


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    if length is None or head[9:12] not in {b"200", b"201"}:
        raise RuntimeError(head.decode())
    return await reader.readexactly(int(length[1]))


def drive_bare(
    uri: str,
    step: Callable[[psycopg.Connection, Unit], None],
    units: Iterator[Unit],
    until: float,
    callers: int,
    options: str = "",
) -> list[float]:
    """Seconds each unit of work took, on one thread and connection per caller, until `perf_counter` reads `until`."""
    taken = list[float]()

    def work(_: int) -> None:
        with psycopg.connect(uri, options=options) as connection:
            while (begun := time.perf_counter()) < until:
                step(connection, next(units))
                taken.append(time.perf_counter() - begun)

    with ThreadPoolExecutor(callers) as threads:
        list(threads.map(work, range(callers)))
    return taken
