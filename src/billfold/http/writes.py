"""A write: sent once, and what is known of it when it failed."""

from __future__ import annotations

import aiohttp
from msgspec import Struct
from yarl import URL

from billfold.errors import OutcomeUnknownError, ProviderError, SessionError, TransientError
from billfold.http.errors import network_message
from billfold.http.exchange import Exchange
from billfold.http.retry import may_repeat_write

JSON = {"Content-Type": "application/json"}


class Write(Struct, frozen=True, eq=False):
    """One write to a provider. ``sent`` is empty as long as it surely was not sent."""

    exchange: Exchange
    method: str
    url: URL
    data: bytes | None
    sent: list[aiohttp.ClientRequest] = []

    async def attempt(self) -> bytes:
        """Send it, and return the reply's body.

        Raises OutcomeUnknownError when it is not known whether the change was made.
        """
        headers = {} if self.data is None else JSON
        try:
            response, body = await self.exchange.ask(
                self.method, self.url, self.data, headers, self.sent
            )
        except (TransientError, SessionError) as error:
            if may_repeat_write(error) or not self.sent:
                self.sent.clear()
                raise
            raise self.outcome_unknown(error) from error
        self.exchange.raise_error_in(response, body)
        return body

    def outcome_unknown(self, error: ProviderError) -> OutcomeUnknownError:
        """Return the error of a write that was sent and has no answer."""
        return OutcomeUnknownError(
            f"it is not known whether the change was made ({network_message(error)}); "
            "look before repeating it",
            **self.exchange.where(),
            status=error.status,
            request_id=error.request_id,
        )
