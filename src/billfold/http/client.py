"""What an adapter asks through.

One account's requests to its provider's own origin. The only module that sends any.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NoReturn, TypeVar

import aiohttp
import msgspec
from attrs import Factory, evolve, field, frozen
from yarl import URL

from billfold.errors import (
    CredentialsError,
    DeadlineError,
    DriftError,
    NotFoundError,
    OutcomeUnknownError,
    ProviderError,
    SessionError,
    TokenError,
    TooLargeError,
    TransientError,
)
from billfold.http.deadline import NO_DEADLINE, Deadline
from billfold.http.decompress import decompressed
from billfold.http.errors import (
    NETWORK_ERRORS,
    network_error,
    network_message,
    status_error,
)
from billfold.http.login import Login, SignedHeaders
from billfold.http.remarks import Remarks
from billfold.http.replies import Reply, links_of, read_reply
from billfold.http.retry import Predicate, may_repeat_read, may_repeat_write, retry
from billfold.http.transport import REQUEST, Transport
from billfold.http.urls import relative
from billfold.secret import Secret, redact
from billfold.wire import Problem
from billfold.wire.decoding import is_error_body

T = TypeVar("T")
Query = Sequence[tuple[str, str]]

log = logging.getLogger("billfold.http")

_MAX_ERROR_BODY = 64 * 1024
_MAX_TEXT = 200
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # some servers put it before JSON
# Decimals go out as text: a provider that wants numbers is given ints.
_encode = msgspec.json.encode
_JSON = {"Content-Type": "application/json"}


@frozen(eq=False)
class Client:
    """One account's way to its provider: everything an adapter needs to ask, and nothing else.

    The facade sets ``deadline`` for each call; requests, waits and retries end with it, by
    DeadlineError. ``remarks`` are what was noted of that call's replies.
    """

    transport: Transport
    provider: str
    account: str
    base_url: URL
    login: Login
    problem: Callable[[bytes], Problem]
    proxy: URL | None = None
    gate: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(8))
    deadline: Deadline = NO_DEADLINE
    remarks: Remarks = field(factory=Remarks)
    _base: str = field(
        init=False, repr=False, default=Factory(lambda self: str(self.base_url), takes_self=True)
    )

    @property
    def token(self) -> Secret:
        """The account's token, which was read before the adapter is asked."""
        assert self.login.signed is not None
        return self.login.signed.token

    async def sign_in(self) -> None:
        """Read the token, if it was not yet. Raises TokenError."""
        if self.login.signed is None:
            try:
                await self.deadline.run(self.login.read(), **self._where())
            except DeadlineError as error:
                error.add(" while the token was being read")
                raise

    def within(self, deadline: Deadline) -> Client:
        """Return the same client for one call.

        Its requests end a moment before the call's deadline, and it has remarks of its own.
        """
        ends = deadline if deadline.at is None else deadline.for_requests()
        return evolve(self, deadline=ends, remarks=Remarks())

    def now(self) -> datetime:
        """Return the time in UTC by the facade's clock."""
        return self.transport.clock()

    def source(self, path: str, query: Query = (), method: str = "GET") -> str:
        """Return a reading request as ``Charge.source`` has it.

        Method, path and query, without origin or token.
        """
        return f"{method} {self._url(path, query).raw_path_qs}"

    def relative(self, url: str) -> tuple[str, Query]:
        """Return path and query of a URL that the provider named.

        Raises DriftError for one that is not at its own address.
        """
        return relative(self.base_url, url)

    async def get(self, path: str, shape: type[T], query: Query = ()) -> T:
        """Return a JSON reply decoded into ``shape``; 204 counts as ``null``.

        ``path`` is quoted (see ``segment``).

        Retried while that is worth it.
        """
        response, body = await self._read("GET", self._url(path, query))
        return self._decode(response, body, path, shape)

    async def get_or_none(self, path: str, shape: type[T], query: Query = ()) -> T | None:
        """Return a JSON reply as :meth:`get` does, and None where the provider has none.

        That is 204, 404 and 410, for what may lawfully not be there.
        """
        try:
            response, body = await self._read("GET", self._url(path, query))
        except NotFoundError:
            return None
        return None if response.status == 204 else self._decode(response, body, path, shape)

    async def fetch(self, path: str, shape: type[T], query: Query = ()) -> Reply[T]:
        """Return a reply as :meth:`get` does, with its headers and links."""
        response, body = await self._read("GET", self._url(path, query))
        return self._reply(response, body, path, shape)

    async def post_query(
        self, path: str, shape: type[T], payload: object, query: Query = ()
    ) -> Reply[T]:
        """Return the reply to a query that is sent as JSON by POST.

        It changes nothing, so it is retried like a GET.
        """
        data = _encode(payload)
        response, body = await self._read("POST", self._url(path, query), data, _JSON)
        return self._reply(response, body, path, shape)

    async def send(
        self, method: str, path: str, payload: Mapping[str, object] | None = None
    ) -> bytes:
        """Return the body of the reply to a write.

        Only a request that surely was not sent is tried again.

        Raises OutcomeUnknownError when it is not known whether the change was made.
        """
        data = None if payload is None else _encode(payload)
        await self._signed()
        sent: list[aiohttp.ClientRequest] = []
        write = partial(self._write, method, self._url(path, ()), data, sent)
        try:
            return self.token.scrub_reply(await self._retry(write, may_repeat_write))
        except DeadlineError as error:
            if not sent:
                raise
            raise self._outcome_unknown(error) from error

    async def download(self, path: str, query: Query = ()) -> AsyncGenerator[bytes, None]:
        """Yield a document's bytes; opening it is retried, a stream that broke is not."""
        open_document = partial(self._open_document, self._url(path, query))
        signed = await self._signed()
        async with self.gate, self.transport.gate:
            try:
                response = await self._retry(open_document, may_repeat_read)
            except CredentialsError as refusal:
                await self._renew(signed, refusal)
                response = await self._retry(open_document, may_repeat_read)
            try:
                size = 0
                async for chunk in decompressed(response):
                    size = self._check_size(size + len(chunk))
                    yield chunk
            except NETWORK_ERRORS as error:
                raise self._network_error(error) from error
            finally:
                response.close()

    def _reply(
        self, response: aiohttp.ClientResponse, body: bytes, path: str, shape: type[T]
    ) -> Reply[T]:
        return Reply(
            self._decode(response, body, path, shape), response.headers, links_of(response)
        )

    def _decode(
        self, response: aiohttp.ClientResponse, body: bytes, path: str, shape: type[T]
    ) -> T:
        refuse = partial(self._raise_error_in, response, body)
        return read_reply(response, body, path, shape, self.remarks, refuse)

    def _raise_error_in(self, response: aiohttp.ClientResponse, body: bytes) -> str:
        """Raise the provider's error if a body under a good status is nothing else.

        Returns the words of one that stands beside data.
        """
        problem = self.problem(body)
        if (problem.code or problem.message) and is_error_body(body):
            raise self._status_error(response, problem)
        return self._scrub(problem.message or "without a word")[:_MAX_TEXT]

    async def _read(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        # Not by self._retry: a read is what nearly every request is, and a call less counts.
        transport, deadline = self.transport, self.deadline
        signed = self.login.signed or await self._signed()
        attempt = partial(self._exchange, method, url, data, headers)
        work = retry(
            attempt,
            policy=transport.policy,
            may_repeat=may_repeat_read,
            deadline=deadline,
            now=transport.clock,
        )
        try:
            if deadline.at is None:
                response, body = await work
            else:
                response, body = await deadline.run(work, **self._where())
        except CredentialsError as refusal:
            await self._renew(signed, refusal)
            response, body = await self._retry(attempt, may_repeat_read)
        await transport.turn()
        return response, b"null" if response.status == 204 else self.token.scrub_reply(body)

    async def _signed(self) -> SignedHeaders:
        await self.sign_in()
        assert self.login.signed is not None
        return self.login.signed

    async def _renew(self, refused: SignedHeaders, refusal: CredentialsError) -> None:
        """Read a refused token once more. Raises the refusal unless there is another one now."""
        renewing = self.login.renew(refused)
        try:
            renewed = await self.deadline.run(renewing, **self._where())
        except TokenError as error:
            refusal.add(f", which cannot be read again: {error}")
            raise refusal from None
        if not renewed:
            raise refusal

    async def _open_document(self, url: URL) -> aiohttp.ClientResponse:
        if self.login.limiter is not None:
            await self.login.limiter.acquire()
        return await self._open("GET", url, None, {"Accept": "application/pdf, */*;q=0.1"})

    def _retry(self, attempt: Callable[[], Awaitable[T]], may_repeat: Predicate) -> Awaitable[T]:
        transport, deadline = self.transport, self.deadline
        work = retry(
            attempt,
            policy=transport.policy,
            may_repeat=may_repeat,
            deadline=deadline,
            now=transport.clock,
        )
        return work if deadline.at is None else deadline.run(work, **self._where())

    def _url(self, path: str, query: Query) -> URL:
        url = URL(self._base + path, encoded=True)
        return url.with_query(list(query)) if query else url

    async def _exchange(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *guards: aiohttp.ClientMiddlewareType,
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        # Not `async with`, which costs a request two per cent each.
        await self.gate.acquire()
        try:
            if self.login.limiter is not None:
                await self.login.limiter.acquire()
            await self.transport.gate.acquire()
            try:
                await self.transport.turn()
                response = await self._open(method, url, data, headers, *guards)
                try:
                    body = await self._body(response)
                    marked = body[:3] == _BYTE_ORDER_MARK
                    return response, body[3:] if marked else body
                except NETWORK_ERRORS as error:
                    raise self._network_error(error) from error
                finally:
                    response.release()
            finally:
                self.transport.gate.release()
        finally:
            self.gate.release()

    async def _write(
        self, method: str, url: URL, data: bytes | None, sent: list[aiohttp.ClientRequest]
    ) -> bytes:
        headers = {} if data is None else _JSON
        try:
            response, body = await self._exchange(method, url, data, headers, _send_once(sent))
        except (TransientError, SessionError) as error:
            if may_repeat_write(error) or not sent:
                sent.clear()
                raise
            raise self._outcome_unknown(error) from error
        self._raise_error_in(response, body)
        return body

    def _outcome_unknown(self, error: ProviderError) -> OutcomeUnknownError:
        return OutcomeUnknownError(
            f"it is not known whether the change was made ({network_message(error)}); "
            "look before repeating it",
            **self._where(),
            status=error.status,
            request_id=error.request_id,
        )

    async def _open(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *guards: aiohttp.ClientMiddlewareType,
    ) -> aiohttp.ClientResponse:
        transport, signed = self.transport, self.login.signed
        assert signed is not None
        carried = {**signed.headers, **headers} if headers else signed.headers
        if transport.signs_last or guards:
            carried, middlewares = transport.sign_last(carried, guards)
        else:
            middlewares = None
        failure: ProviderError | None = None
        try:
            response = await transport.session.request(
                method,
                url,
                headers=carried,
                data=data,
                proxy=self.proxy,
                middlewares=middlewares,
                **REQUEST,
            )
        except NETWORK_ERRORS as error:
            log.debug("%s %s: %s", method, url.path, type(error).__name__)
            raise self._network_error(error) from error
        except Exception as error:  # noqa: BLE001 - what a session raises stays in its account
            log.debug("%s %s: %s", method, url.path, type(error).__name__)
            failure = self._session_error(error)
        if failure is not None:  # raised here, so that it does not hold what may show the request
            raise failure
        # Writing the path costs more than the rest of a line that nobody reads.
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s %s: %d", method, url.path, response.status)
        if not 200 <= response.status < 300:
            await self._raise_status(response)
        return response

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        stated = response.content_length
        if stated is not None:
            self._check_size(stated)
            if "Content-Encoding" not in response.headers:
                return await response.read()  # no more can come than was stated
        chunks, size = [], 0
        async for chunk in decompressed(response):
            size = self._check_size(size + len(chunk))
            chunks.append(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _check_size(self, size: int) -> int:
        if size > self.transport.max_body:
            most = self.transport.max_body / 1024 / 1024
            raise TooLargeError(
                f"the reply is over {most:.3g} MiB, the most that is read at once; "
                "half the period has a smaller one",
                **self._where(),
            )
        return size

    def _where(self) -> dict[str, Any]:
        return {"provider": self.provider, "account": self.account}

    def _network_error(self, error: Exception) -> ProviderError:
        proxy = None if self.proxy is None else self.proxy.host
        return network_error(error, self.base_url.host, proxy, **self._where())

    def _session_error(self, error: Exception) -> SessionError:
        closed = self.transport.session.closed
        text = "it is closed" if closed else self._scrub(" ".join(str(error).split()))
        return SessionError(
            f"{self.base_url.host}: the session that was given cannot be used: "
            f"{text[:_MAX_TEXT] or 'it does not say why'}",
            **self._where(),
        )

    async def _raise_status(self, response: aiohttp.ClientResponse) -> NoReturn:
        """Raise the error that a status beyond 2xx stands for."""
        body = b""
        try:
            async for chunk in decompressed(response):
                body += chunk
                if len(body) > _MAX_ERROR_BODY:
                    break
        except (*NETWORK_ERRORS, DriftError):
            pass  # the status says enough
        finally:
            if len(body) > _MAX_ERROR_BODY:
                response.close()
            else:
                response.release()
        problem = self.problem(body.removeprefix(_BYTE_ORDER_MARK))
        raise self._status_error(response, problem)

    def _status_error(self, response: aiohttp.ClientResponse, problem: Problem) -> ProviderError:
        return status_error(response, problem, now=self.now(), scrub=self._scrub, **self._where())

    def _scrub(self, text: str) -> str:
        """Return a provider's words with secrets masked and lone surrogates replaced."""
        return redact(self.token.scrub(text.encode("utf-8", "replace").decode()))


def _send_once(sent: list[aiohttp.ClientRequest]) -> aiohttp.ClientMiddlewareType:
    """Return a middleware that notes a write in ``sent`` and lets nobody send it again.

    aiohttp itself repeats an idempotent write on a dropped connection, unasked.
    """

    async def guard(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if sent:
            raise aiohttp.ServerDisconnectedError()
        sent.append(request)
        return await handler(request)

    return guard
