"""One exchange with a provider: a signed request, its places, its reply or its error."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, NoReturn

import aiohttp
from attrs import Factory, field, frozen
from msgspec.structs import replace
from yarl import URL

from billfold.errors import SMALLER, DriftError, ProviderError, SessionError, TooLargeError
from billfold.http.bodies import read_body, read_error_body
from billfold.http.errors import NETWORK_ERRORS, network_error, status_error
from billfold.http.login import Login
from billfold.http.places import Gate, Places
from billfold.http.quota import Quota
from billfold.http.retry import ATTEMPT
from billfold.http.standing import Standing
from billfold.http.time_limit import TimeLimit
from billfold.http.transport import A_MESSAGE, Middleware, Transport, sign_last
from billfold.http.turns import come_round, in_turns
from billfold.secret_numbers import redact
from billfold.wire import Problem
from billfold.wire.error_words import is_error_body, words_of_an_error
from billfold.wire.structure import counting_marks

log = logging.getLogger("billfold.http")

_MAX_TEXT = 200
# Of a text that is shown shortened: what is masked must not lie on the edge.
_MOST_SCRUBBED = 4096
# One that is nothing but an error is short.
_MOST_OF_AN_ERROR = 4096
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # some servers put it before JSON


@frozen(eq=False, repr=False)
class Exchange:
    """One account's requests, each sent once: whoever asks repeats them and keeps the time.

    The token was read before.
    """

    transport: Transport
    provider: str
    account: str
    base_url: URL
    login: Login
    problem: Callable[[bytes], Problem]
    proxy: URL | None = None
    # How many requests of the account may be under way at once.
    at_once: int = 8
    # Seconds that a request of the account may take, where that is not what the transport's may.
    request_timeout: float | None = None
    # The base URL as text, to which paths are added.
    base: str = field(init=False, default=Factory(lambda self: str(self.base_url), takes_self=True))
    limit: TimeLimit = field(
        init=False,
        default=Factory(
            lambda self: self.transport.time_limit(self.request_timeout), takes_self=True
        ),
    )
    _options: Mapping[str, Any] = field(
        init=False,
        default=Factory(
            lambda self: self.transport.request_options(self.limit.seconds), takes_self=True
        ),
    )
    # Scheme, host and port of the provider.
    origin: URL = field(
        init=False, default=Factory(lambda self: self.base_url.origin(), takes_self=True)
    )
    gate: Gate = field(
        init=False,
        default=Factory(lambda self: Places(self.at_once).at(self.origin), takes_self=True),
    )
    # What all accounts of the origin share.
    places: Gate = field(
        init=False,
        default=Factory(lambda self: self.transport.places.at(self.origin), takes_self=True),
    )
    large: Gate = field(
        init=False,
        default=Factory(lambda self: self.transport.large.at(self.origin), takes_self=True),
    )
    quota: Quota = field(
        init=False, default=Factory(lambda self: self.transport.quota(self.origin), takes_self=True)
    )

    async def ask(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        sent: list[aiohttp.ClientRequest] | None = None,
        kept: list[Gate] | None = None,
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """Return a reply and its body, which is read while the request holds its places.

        The request is added to ``sent`` when it surely will be sent. The place of a large body is
        left in ``kept``, for the caller to give back.
        """
        # Not `async with`, which costs a request two per cent each; nor a coroutine for a place or
        # a turn that is free.
        transport, gate, places = self.transport, self.gate, self.places
        if gate.waiting or not gate.enter():
            await gate.wait()
        large: list[Gate] = [] if kept is None else kept
        is_read, response = False, None
        try:
            signed = self.login.signed
            if signed is not None and signed.standing.refusal is not None:
                signed.standing.require(transport.clock(), self.account)
            if self.login.limiter is not None:
                await self.login.limiter.acquire()
            if places.waiting or not places.enter():
                await places.wait()
            try:
                if not transport.sending.begin(A_MESSAGE):
                    await transport.sending.wait(A_MESSAGE)
                task = self.limit.begin()
                try:
                    response = await self.open(method, url, data, headers, sent)
                    body = await read_body(response, self.check_size, self.large, large)
                    size = len(body)
                    if size > transport.most_marks:
                        await self.check_structure(body)
                    # What follows is done in this turn of the loop, decoding included: only a large
                    # body takes several, and keeps its place, as its room is not free before.
                    if not transport.decoding.begin(A_MESSAGE + size):
                        await transport.decoding.wait(A_MESSAGE + size)
                    if body[:3] == _BYTE_ORDER_MARK:
                        body = body[3:]
                    if body.find(b'"error', 0, _MOST_OF_AN_ERROR) >= 0:  # cheaper than `in`
                        self._raise_own_kind(response, body)
                    is_read = True
                    return response, body
                except NETWORK_ERRORS as error:
                    failure = self.network_error(error)
                except asyncio.CancelledError:
                    if not self.limit.ended(task):
                        raise
                    failure = self._too_late(method, url, response)
                finally:
                    self.limit.end(task)
                    if response is not None:
                        response.release()
                raise failure
            finally:
                places.release()
                if large and (kept is None or not is_read):
                    large.pop().release()
        finally:
            gate.release()

    async def open(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        sent: list[aiohttp.ClientRequest] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> aiohttp.ClientResponse:
        """Send a request once, and return its reply, unread, under a good status.

        ``options`` are aiohttp's, where they are not those of most requests.
        """
        transport, signed = self.transport, self.login.signed
        assert signed is not None
        if signed.standing.refusal is not None:  # learnt while this waited
            signed.standing.require(transport.clock(), self.account)
        carried = {**signed.headers, **headers} if headers else signed.headers
        send = partial(self.login.apart.send, [] if sent is None else sent)
        middlewares: tuple[Middleware, ...] = (*transport.watching, send)
        if transport.signs_last:
            carried, sign = sign_last(carried)
            middlewares = (*middlewares, sign)
        reply: aiohttp.ClientResponse | None = None
        failure: Exception | None = None
        outcome: object
        watched = log.isEnabledFor(logging.DEBUG)
        began = time.monotonic() if watched else 0.0
        try:
            reply = await transport.session.request(
                method,
                url,
                headers=carried,
                data=data,
                proxy=self.proxy,
                middlewares=middlewares,
                **(options or self._options),
            )
        except NETWORK_ERRORS as error:
            outcome, failure = type(error).__name__, self.network_error(error)
        except Exception as error:  # noqa: BLE001 - what a session raises stays in its account
            outcome, failure = type(error).__name__, self._session_error(error)
        else:
            outcome = reply.status
        if watched:  # writing the path costs more than the rest of a line that nobody reads
            self._log(method, url, outcome, began)
        if reply is None:  # raised here, so that it does not hold what may show the request
            assert failure is not None
            raise failure
        if not 200 <= reply.status < 300:
            await self._raise_status(reply, signed.standing)
        if not signed.standing.good:
            signed.standing.accept()
        return reply

    def _too_late(
        self, method: str, url: URL, response: aiohttp.ClientResponse | None
    ) -> ProviderError:
        """Return the error of a request whose time is over, and log it if no reply was."""
        error = TimeoutError()
        if response is None and log.isEnabledFor(logging.DEBUG):
            self._log(method, url, type(error).__name__, time.monotonic() - self.limit.seconds)
        return self.network_error(error)

    def _log(self, method: str, url: URL, outcome: object, began: float) -> None:
        """Log a request without its query, how it ended, and after how many seconds."""
        seconds, attempt = time.monotonic() - began, ATTEMPT.get()
        line = "%s: %s %s: %s in %.2f s, attempt %d"
        log.debug(line, self.account, method, url.raw_path, outcome, seconds, attempt)

    async def open_document(
        self, url: URL, opened: list[aiohttp.ClientResponse]
    ) -> aiohttp.ClientResponse:
        """Return the reply that a document comes in, by a request that counts for the limit.

        It is in ``opened``, too, for who has to close it though it came too late to be returned.
        """
        if self.login.limiter is not None:
            await self.login.limiter.acquire()
        accept = {"Accept": "application/pdf, */*;q=0.1"}
        options = self.transport.document_options(self.limit.seconds)
        response = await self.open("GET", url, None, accept, options=options)
        opened.append(response)
        if response.status == HTTPStatus.PARTIAL_CONTENT:
            problem = "206 Partial Content: the document is not whole, and no part was asked for"
            raise DriftError(problem, **self.where(), status=response.status)
        return response

    def check_size(self, size: int) -> int:
        """Return the size of a body so far. Raises TooLargeError beyond what is read at once."""
        if size > self.transport.max_body:
            most = self.transport.max_body / 1024 / 1024
            raise TooLargeError(
                f"the reply is over {most:.3g} MiB, the most that is read at once; {SMALLER}",
                **self.where(),
            )
        return size

    def raise_error_in(self, response: aiohttp.ClientResponse, body: bytes, said: str = "") -> str:
        """Raise the provider's error if a body under a good status is nothing else.

        Returns the words of one that stands beside data; where it has none, what was ``said``.
        """
        problem = self._problem_in(body)
        if (problem.code or problem.message) and is_error_body(body):
            raise self._status_error(response, problem)
        words = problem.message or said or problem.code or "without a word"
        return self.scrub(words)[:_MAX_TEXT]

    def _raise_own_kind(self, response: aiohttp.ClientResponse, body: bytes) -> None:
        """Raise the error of a kind that a body states in spite of a good status, as a limit is.

        Here, where it is repeated as under any other status.
        """
        if len(body) > _MOST_OF_AN_ERROR:
            return
        problem = self._problem_in(body)
        if problem.kind is not None and is_error_body(body):
            raise self._status_error(response, problem)

    async def check_structure(self, body: bytes) -> None:
        """Raise TooLargeError for a body of more values than are decoded at once."""
        most = self.transport.most_marks
        await come_round()
        if await in_turns(counting_marks(body, most)):
            raise TooLargeError(
                f"the reply has over {most / 1e6:.3g} million keys and values, more than are "
                f"read at once; {SMALLER}",
                **self.where(),
            )

    def too_large_together(self, most: int) -> TooLargeError:
        """Return the error of a call whose replies are over so many bytes."""
        return TooLargeError(
            f"the replies of this call are over {most / 1024 / 1024:.3g} MiB together; half the "
            "period has fewer, and `charges` and `flow` hold none",
            **self.where(),
        )

    def where(self) -> dict[str, Any]:
        """Return whose requests these are, as errors have it."""
        return {"provider": self.provider, "account": self.account}

    def network_error(self, error: Exception) -> ProviderError:
        """Return our error for one of aiohttp's."""
        proxy = None if self.proxy is None else self.proxy.host
        return network_error(error, self.base_url.host, proxy, **self.where())

    def _session_error(self, error: Exception) -> SessionError:
        # What was given may be no session at all.
        closed = getattr(self.transport.session, "closed", False)
        text = "it is closed" if closed else self.scrub(str(error))
        return SessionError(
            f"{self.base_url.host}: the session that was given cannot be used: "
            f"{text[:_MAX_TEXT] or 'it does not say why'}",
            **self.where(),
        )

    async def _raise_status(self, response: aiohttp.ClientResponse, standing: Standing) -> NoReturn:
        """Raise the error that a status beyond 2xx stands for."""
        transport, body = self.transport, await read_error_body(response)
        body = body.removeprefix(_BYTE_ORDER_MARK)
        problem = self._problem_in(body)
        error = self._status_error(response, problem)
        standing.learn(error, transport.clock(), transport.policy.patience)
        raise error

    def _problem_in(self, body: bytes) -> Problem:
        problem = self.problem(body)
        if problem.message:
            return problem
        # Of a proxy, or in a form that no contract knows.
        return replace(problem, message=words_of_an_error(body))

    def _status_error(self, response: aiohttp.ClientResponse, problem: Problem) -> ProviderError:
        return status_error(
            response, problem, now=self.transport.clock(), scrub=self.scrub, **self.where()
        )

    def scrub(self, text: str) -> str:
        """Return the beginning of a provider's words in one line, with secrets masked."""
        assert self.login.signed is not None
        line = " ".join(text[:_MOST_SCRUBBED].encode("utf-8", "replace").decode().split())
        return redact(self.login.signed.token.scrub(line))
