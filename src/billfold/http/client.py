"""The only module that opens a socket: one session, and a link from each account to its provider's own origin."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

import aiohttp
from aiolimiter import AsyncLimiter
from attrs import Factory, evolve, field, frozen
from multidict import CIMultiDict
from yarl import URL

from billfold.errors import DriftError, OutcomeUnknownError, ProviderError, TransientError
from billfold.http.deadline import within
from billfold.http.decompress import CODINGS, unpacked
from billfold.http.errors import NETWORK, refused, renamed, sentence
from billfold.http.retry import Predicate, RetryPolicy, never_sent, retrying, worth_another_try
from billfold.secret import Secret, redact
from billfold.wire import Problem, decode

T = TypeVar("T")
Query = Sequence[tuple[str, str]]

log = logging.getLogger("billfold.http.client")

MAX_BODY = 64 * 1024 * 1024
_MAX_ERROR_BODY = 64 * 1024
# How many requests may be sent, and how many replies decoded, before the loop comes round to what else is waiting. However many
# replies arrive together, they do not hold it for the sum of their decoding; and what was sent apart comes back apart.
_A_TURN = 8
# Without sock_read, whose timer, set anew for each piece that arrives, costs a tenth of a request; the total bounds stalls too.
_TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=10)


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def telling(seconds: float) -> float:
    """Return how much of a call's seconds its requests leave, so that what was read meanwhile can still be told."""
    return min(seconds / 10, 0.05)


def gentle_limiter(requests_per_minute: int | None) -> AsyncLimiter | None:
    """Allow at most that many requests in *any* minute: a burst of a quarter, and the rest evenly."""
    if requests_per_minute is None:
        return None
    burst = max(1, requests_per_minute // 4)
    steady = max(requests_per_minute - burst, 1)
    return AsyncLimiter(burst, burst * 60 / steady)


@frozen(eq=False)
class Transport:
    """Own or borrow the session, and bound how many requests are under way at once over all accounts."""

    session: aiohttp.ClientSession
    owned: bool
    gate: asyncio.Semaphore
    policy: RetryPolicy = field(factory=RetryPolicy)
    clock: Callable[[], datetime] = utc_now
    max_body: int = MAX_BODY
    _turns: asyncio.Semaphore = field(init=False, factory=lambda: asyncio.Semaphore(_A_TURN))

    async def turn(self) -> None:
        """Wait for a turn of the loop in which there is room for one more piece of work."""
        await self._turns.acquire()
        asyncio.get_running_loop().call_soon(self._turns.release)

    @classmethod
    def over(
        cls, session: aiohttp.ClientSession | None, *, concurrency: int, **options: Any
    ) -> Self:
        """Use the caller's session, which is never closed here, or open one without cookies."""
        if session is not None:
            return cls(session, False, asyncio.Semaphore(concurrency), **options)
        connector = aiohttp.TCPConnector(limit=concurrency)
        own = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=_TIMEOUT
        )
        return cls(own, True, asyncio.Semaphore(concurrency), **options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.owned:
            await self.session.close()


@frozen(eq=False)
class Link:
    """One account's line to its provider: everything an adapter needs to ask, and nothing else.

    ``deadline`` is in the running loop's time and is set per call by the facade; requests, waits and retries end with it, by
    DeadlineError.
    """

    transport: Transport
    provider: str
    account: str
    base_url: URL
    token: Secret
    problem: Callable[[bytes], Problem]
    headers: Mapping[str, str] = field(factory=dict)
    limiter: AsyncLimiter | None = None
    gate: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(8))
    deadline: float | None = None
    _base: str = field(
        init=False, repr=False, default=Factory(lambda self: str(self.base_url), takes_self=True)
    )
    _sent: Mapping[str, str] = field(
        init=False, repr=False, default=Factory(lambda self: self._headers(), takes_self=True)
    )

    def _headers(self) -> Mapping[str, str]:
        common = {"Accept": "application/json", "Accept-Encoding": CODINGS}
        return CIMultiDict({**common, **self.headers, "Authorization": self.token.bearer()})

    def until(self, deadline: float | None) -> Link:
        """Return the same line with a deadline, a moment before the call's: see :func:`telling`."""
        if deadline is None:
            return self
        return evolve(
            self, deadline=deadline - telling(deadline - asyncio.get_running_loop().time())
        )

    def now(self) -> datetime:
        """Return the time in UTC by the facade's clock."""
        return self.transport.clock()

    def asked(self, path: str, query: Query = ()) -> str:
        """Write a reading request as provenance has it: method, path and query, without origin or token."""
        return f"GET {self._url(path, query).raw_path_qs}"

    async def get(self, path: str, shape: type[T], query: Query = ()) -> T:
        """Read one JSON reply into ``shape``, retried while that is worth it. ``path`` is quoted (see :func:`segment`)."""
        body = await self._retrying(
            partial(self._exchange, "GET", self._url(path, query)), worth_another_try
        )
        await self.transport.turn()
        return decode(self.token.scrub_reply(body), shape)

    async def send(
        self, method: str, path: str, payload: Mapping[str, object] | None = None
    ) -> bytes:
        """Write once; only a request that surely was not sent is tried again.

        Raises OutcomeUnknownError when it is not known whether the change was made.
        """
        data = None if payload is None else json.dumps(payload).encode()
        return await self._retrying(
            partial(self._write, method, self._url(path, ()), data), never_sent
        )

    async def download(self, path: str, query: Query = ()) -> AsyncGenerator[bytes, None]:
        """Stream a document's bytes; opening it is retried, a stream that broke is not."""
        opened = partial(self._document, self._url(path, query))
        async with self.gate, self.transport.gate:
            response = await self._retrying(opened, worth_another_try)
            try:
                size = 0
                async for chunk in unpacked(response):
                    size = self._within_cap(size + len(chunk))
                    yield chunk
            except NETWORK as error:
                raise self._renamed(error) from error
            finally:
                response.close()

    async def _document(self, url: URL) -> aiohttp.ClientResponse:
        if self.limiter is not None:
            await self.limiter.acquire()
        return await self._open("GET", url, None, {"Accept": "application/pdf, */*;q=0.1"})

    def _retrying(self, attempt: Callable[[], Awaitable[T]], again: Predicate) -> Awaitable[T]:
        work = retrying(
            attempt,
            policy=self.transport.policy,
            again=again,
            deadline=self.deadline,
            now=self.transport.clock,
        )
        return work if self.deadline is None else within(self.deadline, work, **self._where())

    def _url(self, path: str, query: Query) -> URL:
        url = URL(self._base + path, encoded=True)
        return url.with_query(list(query)) if query else url

    async def _exchange(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> bytes:
        # Not `async with`, which costs a request two per cent each.
        await self.gate.acquire()
        try:
            if self.limiter is not None:
                await self.limiter.acquire()
            await self.transport.gate.acquire()
            try:
                await self.transport.turn()
                response = await self._open(method, url, data, headers, **options)
                try:
                    return await self._body(response)
                except NETWORK as error:
                    raise self._renamed(error) from error
                finally:
                    response.release()
            finally:
                self.transport.gate.release()
        finally:
            self.gate.release()

    async def _write(self, method: str, url: URL, data: bytes | None) -> bytes:
        headers = {} if data is None else {"Content-Type": "application/json"}
        try:
            return await self._exchange(method, url, data, headers, middlewares=(_once(),))
        except TransientError as error:
            if never_sent(error):
                raise
            raise OutcomeUnknownError(
                f"it is not known whether the change was made ({sentence(error)}); look before repeating it",
                **self._where(),
                status=error.status,
                request_id=error.request_id,
            ) from error

    async def _open(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> aiohttp.ClientResponse:
        try:
            response = await self.transport.session.request(
                method,
                url,
                headers={**self._sent, **headers} if headers else self._sent,
                data=data,
                allow_redirects=False,
                auto_decompress=False,
                raise_for_status=False,
                timeout=_TIMEOUT,
                **options,
            )
        except NETWORK as error:
            log.debug("%s %s: %s", method, url.path, type(error).__name__)
            raise self._renamed(error) from error
        if log.isEnabledFor(
            logging.DEBUG
        ):  # to write the path costs more than all the rest of a line that nobody reads
            log.debug("%s %s: %d", method, url.path, response.status)
        if not 200 <= response.status < 300:
            await self._refuse(response)
        return response

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        stated = response.content_length
        if stated is not None:
            self._within_cap(stated)
            if "Content-Encoding" not in response.headers:
                return await response.read()  # no more can come than was stated
        chunks, size = [], 0
        async for chunk in unpacked(response):
            size = self._within_cap(size + len(chunk))
            chunks.append(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _within_cap(self, size: int) -> int:
        if size > self.transport.max_body:
            raise DriftError(
                f"the reply is larger than {self.transport.max_body} bytes", **self._where()
            )
        return size

    def _where(self) -> dict[str, Any]:
        return {"provider": self.provider, "account": self.account}

    def _renamed(self, error: BaseException) -> ProviderError:
        return renamed(error, self.base_url.host, **self._where())

    async def _refuse(self, response: aiohttp.ClientResponse) -> NoReturn:
        """Raise the error that a status beyond 2xx stands for."""
        body = b""
        try:
            async for chunk in unpacked(response):
                body += chunk
                if len(body) > _MAX_ERROR_BODY:
                    break
        except (*NETWORK, DriftError):
            pass  # the status says enough
        finally:
            response.close() if len(body) > _MAX_ERROR_BODY else response.release()
        raise refused(
            response, self.problem(body), now=self.now(), told=self._told, **self._where()
        )

    def _told(self, text: str) -> str:
        """Return a provider's words without secrets, and writable: headers in another coding come as half characters."""
        return redact(self.token.scrub(text.encode("utf-8", "replace").decode()))


def _once() -> aiohttp.ClientMiddlewareType:
    """Stop aiohttp itself from sending an idempotent write again on a dropped connection, which it does unasked."""
    sent: list[aiohttp.ClientRequest] = []

    async def guard(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if sent:
            raise aiohttp.ServerDisconnectedError()
        sent.append(request)
        return await handler(request)

    return guard
