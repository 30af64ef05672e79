"""The network guard: resolves once, refuses every address that is not public, connects to the very address it checked.

A second resolution could give another address (DNS rebinding). The guard is httpcore's own extension point, so nothing
of the client is patched. TLS starts later with the *name*, so the certificate is checked against the name.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import httpcore

from app.webhooks.egress.addresses import Network, is_callable_address

RESOLVE_SECONDS = 3
# Far below the limit of the whole call: an address that drops packets must not hold a slot for long.
CONNECT_SECONDS = 3
HTTPS_PORTS = frozenset({443})
Resolve = Callable[[str, int], Awaitable[list[str]]]
SocketOptions = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


class AddressRefused(Exception):
    """The call would have reached an address or port that must not be called. Nothing was sent."""


class NameNotFound(Exception):
    """The host's name could not be resolved in time."""


async def resolve_name(host: str, port: int) -> list[str]:
    """Returns every address the name has now.

    A thread of its own, not the shared pool: a resolver that hangs for one partner must not hold up the others.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def look_up() -> None:
        found: list[str] = []
        with suppress(OSError, UnicodeError):
            found = sorted({str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
        with suppress(RuntimeError):  # the loop has gone: nobody waits for the answer
            loop.call_soon_threadsafe(set_result, found)

    def set_result(found: list[str]) -> None:
        if not answer.done():
            answer.set_result(found)

    # A daemon: a resolver that hangs must not keep the process from ending.
    threading.Thread(target=look_up, daemon=True).start()
    return await answer


@dataclass(frozen=True, slots=True)
class Guard(httpcore.AsyncNetworkBackend):
    """Opens connections for one endpoint, to allowed ports of public addresses and of networks named for it."""

    allowed: tuple[Network, ...] = ()
    ports: frozenset[int] | None = HTTPS_PORTS
    resolve: Resolve = resolve_name

    async def addresses_of(self, host: str, port: int) -> list[str]:
        """Returns the addresses of a host, all of which may be called. One address that may not refuses the host."""
        if self.ports is not None and port not in self.ports:
            raise AddressRefused("this port is not called")
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await self.resolve(host, port)
        except TimeoutError:
            raise NameNotFound("the name was not resolved in time") from None
        if not found:
            raise NameNotFound("the name has no address")
        if not all(is_callable_address(address, self.allowed) for address in found):
            raise AddressRefused("the name leads to an address that is not public")
        return found

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        # The address, not the name, is connected to: nothing is resolved between this check and the connection.
        address = (await self.addresses_of(host, port))[0]
        wait = min(timeout or CONNECT_SECONDS, CONNECT_SECONDS)
        stream = await httpcore.AnyIOBackend().connect_tcp(address, port, wait, local_address, socket_options)
        # Checked again on the open socket, in case the connection did not end where it was sent.
        peer = stream.get_extra_info("server_addr")
        if not is_callable_address(peer[0], self.allowed):
            await stream.aclose()
            raise AddressRefused("the connection ended at an address that is not public")
        return stream

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ASYNC109, ARG002
        socket_options: SocketOptions | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise AddressRefused("a socket of this machine is not called")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
