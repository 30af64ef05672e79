"""The bare client that deliveries are compared with: httpx, the same pools, the same bytes, and nothing else."""

import asyncio
import time
from collections.abc import Iterator

import httpx

HEADERS = {
    "content-type": "application/json",
    "accept-encoding": "identity",
    "webhook-id": "evt_bare",
    "webhook-timestamp": "1700000000",
    "webhook-signature": "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
}


def post_bare(urls: list[str], body: bytes, calls: int, in_flight: int) -> float:
    """Calls per second, from one client with a pool of `in_flight` connections for each address."""
    return asyncio.run(_post_all(urls, body, calls, in_flight))


async def _post_all(urls: list[str], body: bytes, calls: int, in_flight: int) -> float:
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    clients = [httpx.AsyncClient(limits=limits, trust_env=False) for _ in urls]
    each: list[Iterator[int]] = [iter(range(calls // len(urls))) for _ in urls]
    begun = time.perf_counter()
    await asyncio.gather(
        *(
            _post(client, url, body, numbers)
            for client, url, numbers in zip(clients, urls, each, strict=True)
            for _ in range(in_flight)
        )
    )
    rate = calls // len(urls) * len(urls) / (time.perf_counter() - begun)
    for client in clients:
        await client.aclose()
    return rate


async def _post(client: httpx.AsyncClient, url: str, body: bytes, numbers: Iterator[int]) -> None:
    for _ in numbers:
        (await client.post(url, content=body, headers=HEADERS)).raise_for_status()
