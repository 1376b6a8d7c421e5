"""What an adapter asks through: one account's requests to its provider's own origin."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import TypeVar

import aiohttp
import msgspec
from msgspec import Struct, field
from yarl import URL

from billfold.errors import (
    CredentialsError,
    DeadlineError,
    DriftError,
    NotFoundError,
    ProviderError,
    TokenError,
)
from billfold.http.deadline import NO_DEADLINE, Deadline
from billfold.http.decompress import decompressed
from billfold.http.errors import NETWORK_ERRORS
from billfold.http.exchange import Exchange
from billfold.http.login import SignedHeaders
from billfold.http.places import Gate
from billfold.http.quota import MOST, PER_ANSWER
from billfold.http.remarks import Remarks
from billfold.http.replies import Reply, links_of, read_reply
from billfold.http.retry import Failed, Predicate, may_repeat_read, may_repeat_write, retry
from billfold.http.turns import come_round, in_turns
from billfold.http.urls import relative
from billfold.http.writes import JSON, Write
from billfold.secret import Secret

T = TypeVar("T")
Query = Sequence[tuple[str, str]]

# Decimals go out as text: a provider that wants numbers is given ints.
_encode = msgspec.json.encode


# How many of the largest bodies the replies of one account's call may take together.
_MOST_BODIES = 16


class Held(Struct, eq=False):
    """The bytes of the replies of one call, and how many there may be; None is no limit."""

    most: int | None = None
    size: int = 0


class Client(Struct, frozen=True, eq=False):
    """One account's way to its provider: everything an adapter needs to ask, and nothing else.

    The facade sets ``deadline`` for each call; requests, waits and retries end with it, by
    DeadlineError. ``remarks`` are what was noted of that call's replies.
    """

    exchange: Exchange
    deadline: Deadline = NO_DEADLINE
    remarks: Remarks = field(default_factory=Remarks)
    held: Held = field(default_factory=Held)

    @property
    def account(self) -> str:
        """The account's name."""
        return self.exchange.account

    @property
    def token(self) -> Secret:
        """The account's token, which was read before the adapter is asked."""
        signed = self.exchange.login.signed
        assert signed is not None
        return signed.token

    async def sign_in(self) -> None:
        """Read the token, if it was not yet. Raises TokenError."""
        login = self.exchange.login
        if login.signed is None:
            try:
                await self.deadline.run(login.read(), **self.exchange.where())
            except DeadlineError as error:
                error.reword("the deadline ended the work while the token was being read")
                raise

    def within(self, deadline: Deadline) -> Client:
        """Return the same client for one call.

        Its requests end a moment before the call's deadline, it has remarks of its own, and its
        replies may be so large together that an answer made of them can be held.
        """
        ends = deadline if deadline.at is None else deadline.for_requests()
        most = self.exchange.transport.max_body * _MOST_BODIES
        return Client(self.exchange, ends, Remarks(), Held(most))

    def flowing(self) -> Client:
        """Return the same client for a call whose items nobody holds, so without that limit."""
        return Client(self.exchange, self.deadline, self.remarks, Held())

    def now(self) -> datetime:
        """Return the time in UTC by the facade's clock."""
        return self.exchange.transport.clock()

    def source(self, path: str, query: Query = (), method: str = "GET") -> str:
        """Return a reading request as ``Charge.source`` has it.

        Method, path and query, without origin or token.
        """
        return f"{method} {self._url(path, query).raw_path_qs}"

    def relative(self, url: str) -> tuple[str, Query]:
        """Return path and query of a URL that the provider named.

        Raises DriftError for one that is not at its own address.
        """
        return relative(self.exchange.base_url, url)

    async def get(self, path: str, shape: type[T], query: Query = ()) -> T:
        """Return a JSON reply decoded into ``shape``; 204 counts as ``null``.

        ``path`` is quoted (see ``segment``).

        Retried while that is worth it.
        """
        large: list[Gate] = []
        response, body = await self._read("GET", self._url(path, query), large=large)
        return await self._decode(response, body, path, shape, large)

    async def get_or_none(self, path: str, shape: type[T], query: Query = ()) -> T | None:
        """Return a JSON reply as :meth:`get` does, and None where the provider has none.

        That is 204, 404 and 410, for what may lawfully not be there.
        """
        large: list[Gate] = []
        try:
            response, body = await self._read("GET", self._url(path, query), large=large)
        except NotFoundError:
            return None
        if response.status == 204:
            return None
        return await self._decode(response, body, path, shape, large)

    async def get_bytes(self, path: str, accept: str) -> bytes:
        """Return a whole reply that is no JSON, of the media types of ``accept``.

        Retried while that is worth it.
        """
        _, body = await self._read("GET", self._url(path, ()), None, {"Accept": accept})
        return body

    async def fetch(self, path: str, shape: type[T], query: Query = ()) -> Reply[T]:
        """Return a reply as :meth:`get` does, with its headers and links."""
        large: list[Gate] = []
        response, body = await self._read("GET", self._url(path, query), large=large)
        return await self._reply(response, body, path, shape, large)

    async def post_query(
        self, path: str, shape: type[T], payload: object, query: Query = ()
    ) -> Reply[T]:
        """Return the reply to a query that is sent as JSON by POST.

        It changes nothing, so it is retried like a GET.
        """
        data = _encode(payload)
        large: list[Gate] = []
        response, body = await self._read("POST", self._url(path, query), data, JSON, large)
        return await self._reply(response, body, path, shape, large)

    async def send(
        self, method: str, path: str, payload: Mapping[str, object] | None = None
    ) -> bytes:
        """Return the body of the reply to a write.

        Only a request that surely was not sent is tried again.

        Raises OutcomeUnknownError when it is not known whether the change was made.
        """
        data = None if payload is None else _encode(payload)
        await self._signed()
        write = Write(self.exchange, method, self._url(path, ()), data)
        try:
            return self.token.scrub_reply(await self._retry(write.attempt, may_repeat_write))
        except DeadlineError as error:
            if not write.sent:
                raise
            raise write.outcome_unknown(error) from error

    async def download(self, path: str, query: Query = ()) -> AsyncGenerator[bytes, None]:
        """Yield a document's bytes; opening it is retried, a stream that broke is not."""
        exchange = self.exchange
        opened: list[aiohttp.ClientResponse] = []
        open_document = partial(exchange.open_document, self._url(path, query), opened)
        signed = await self._signed()
        async with exchange.gate, exchange.places:
            try:
                try:
                    response = await self._retry(open_document, may_repeat_read)
                except CredentialsError as refusal:
                    await self._renew(signed, refusal)
                    response = await self._retry(open_document, may_repeat_read)
                size = 0
                async for chunk in decompressed(response):
                    size = exchange.check_size(size + len(chunk))
                    yield chunk
                return
            except NETWORK_ERRORS as error:
                failure = exchange.network_error(error)
            finally:
                for each in opened:
                    each.close()
            raise failure

    async def _reply(
        self,
        response: aiohttp.ClientResponse,
        body: bytes,
        path: str,
        shape: type[T],
        large: list[Gate],
    ) -> Reply[T]:
        value = await self._decode(response, body, path, shape, large)
        return Reply(value, response.headers, links_of(response))

    async def _decode(
        self,
        response: aiohttp.ClientResponse,
        body: bytes,
        path: str,
        shape: type[T],
        large: list[Gate],
    ) -> T:
        refuse = partial(self.exchange.raise_error_in, response, body)
        steps = read_reply(response, body, path, shape, self.remarks, refuse, self.now)
        try:
            while True:  # as in_turns does, without its call for each reply
                next(steps)
                await come_round()
        except StopIteration as end:
            value: T = end.value
            return value
        except DriftError as error:  # which may name a key or a value
            error.reword(self.exchange.scrub(error.message))
            raise
        finally:
            if large:
                large.pop().release()

    async def _read(
        self,
        method: str,
        url: URL,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        large: list[Gate] | None = None,
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """Return a reply and its body; the place of a large one is left in ``large``."""
        exchange, deadline, held = self.exchange, self.deadline, self.held
        login = exchange.login
        signed = login.signed or await self._signed()
        # Once, without what tries again: a read is what nearly every request is, and nearly all
        # succeed at once.
        what = method, url, data, headers, None, large
        began, work = get_running_loop().time(), exchange.ask(*what)
        try:
            try:
                if deadline.at is None:
                    response, body = await work
                else:
                    response, body = await deadline.run(work, **exchange.where())
                if exchange.quota.left < MOST:
                    exchange.quota.give(PER_ANSWER)
            except ProviderError as failure:
                again = partial(exchange.ask, *what)
                response, body = await self._ask_again(again, signed, Failed(failure, began))
            held.size += len(body)
            if held.most is not None and held.size > held.most:
                raise exchange.too_large_together(held.most)
            signed = login.signed or signed  # which may have been renewed
            if large:
                await come_round()
                return response, await in_turns(signed.token.scrubbing_reply(body))
        except BaseException:
            if large:  # an answer that came too late
                large.pop().release()
            raise
        if response.status == 204:
            return response, b"null"
        return response, signed.token.scrub_reply(body)

    async def _ask_again(
        self,
        again: Callable[[], Awaitable[T]],
        signed: SignedHeaders,
        failed: Failed,
    ) -> T:
        """Repeat a read that failed once, as long as that is worth it, or by another token."""
        try:
            if not may_repeat_read(failed.error):
                raise failed.error
            return await self._retry(again, may_repeat_read, failed)
        except CredentialsError as refusal:
            await self._renew(signed, refusal)
            return await self._retry(again, may_repeat_read)

    async def _signed(self) -> SignedHeaders:
        await self.sign_in()
        signed = self.exchange.login.signed
        assert signed is not None
        return signed

    async def _renew(self, refused: SignedHeaders, refusal: CredentialsError) -> None:
        """Read a refused token once more. Raises the refusal unless there is another one now."""
        exchange = self.exchange
        renewing = exchange.login.renew(refused)
        try:
            renewed = await self.deadline.run(renewing, **exchange.where())
        except TokenError as error:
            refusal.add(f", which cannot be read again: {error}")
            raise refusal from None
        if not renewed:
            raise refusal

    def _retry(
        self,
        attempt: Callable[[], Awaitable[T]],
        may_repeat: Predicate,
        failed: Failed | None = None,
    ) -> Awaitable[T]:
        transport, deadline = self.exchange.transport, self.deadline
        work = retry(
            attempt,
            policy=transport.policy,
            may_repeat=may_repeat,
            deadline=deadline,
            now=transport.clock,
            quota=self.exchange.quota,
            failed=failed,
        )
        return deadline.run(work, **self.exchange.where())

    def _url(self, path: str, query: Query) -> URL:
        return _joined(self.exchange.base + path, tuple(query))


@lru_cache(maxsize=256)  # a request's URL is wanted again for what its reply is the source of
def _joined(url: str, query: Query) -> URL:
    joined = URL(url, encoded=True)
    return joined.with_query(query) if query else joined
