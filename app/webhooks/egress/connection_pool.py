"""Keeps the connections of one revision of an endpoint open between calls, as many as it takes calls at once.

httpcore's connections without httpcore's pool: that pool searches all it holds at every call, and the search costs
more than the call. `client_pool.py` limits the calls at once already, so a stack of idle connections is enough.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpcore

from app.webhooks.egress.guard import Guard

KEEP_ALIVE_SECONDS = 30


@dataclass(slots=True)
class ConnectionPool:
    """Connections to one origin, each opened through the guard. Belongs to one event loop.

    The address is parsed at the first call, not before: by then its form has been checked.
    """

    address: str
    guard: Guard
    tls: ssl.SSLContext
    _url: httpcore.URL | None = None
    _idle: list[httpcore.AsyncHTTPConnection] = field(default_factory=list)
    _closed: bool = False

    @property
    def url(self) -> httpcore.URL:
        """The address as httpcore reads it."""
        self._url = self._url or httpcore.URL(self.address)
        return self._url

    @asynccontextmanager
    async def connection(self, *, fresh: bool = False) -> AsyncIterator[tuple[httpcore.AsyncHTTPConnection, bool]]:
        """Lends one connection for one exchange, and says whether it has been used before.

        The connection is kept when its exchange ended in order, and closed in every other case.
        """
        kept = None if fresh else await self._take_idle()
        connection = kept or self._new()
        try:
            yield connection, kept is not None
        finally:
            if connection.is_idle() and not connection.is_closed() and not self._closed:
                self._idle.append(connection)
            else:
                await connection.aclose()

    async def aclose(self) -> None:
        """Closes the idle connections; one that is still in use is closed when its exchange ends."""
        self._closed = True
        while self._idle:
            await self._idle.pop().aclose()

    async def _take_idle(self) -> httpcore.AsyncHTTPConnection | None:
        """Returns the connection that was used last, if the other end still holds it."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    def _new(self) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(
            self.url.origin,
            ssl_context=self.tls,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            # A connection that fails is an outcome that the breaker counts: httpcore makes no second try of its own.
            retries=0,
            network_backend=self.guard,
        )
