"""Finding who pays for a project; ``/team`` is requested only where the project does not say."""

from __future__ import annotations

import asyncio

from attrs import define, field

from billfold.adapter import Client, ForbiddenError, NotFoundError, ProviderError
from billfold_latitude import parse, wire


@define
class Teams:
    """The rows of ``/team``, requested when they are first needed, and only once."""

    client: Client
    _lock: asyncio.Lock = field(factory=asyncio.Lock, init=False)
    _reply: wire.Teams | ProviderError | None = field(default=None, init=False)

    async def payer(self, project: wire.Project) -> parse.Payer:
        """Return who pays for a project (CONTRACT.md, section 2.4, G1).

        A key that may not read ``/team`` leaves it at what the project says.
        """
        payer = parse.payer(project)
        if payer.id is not None and payer.currency is not None:
            return payer
        try:
            reply = await self._read()
        except (ForbiddenError, NotFoundError):
            return payer
        return parse.payer(project, reply.data or ())

    async def _read(self) -> wire.Teams:
        # Whoever needs it first sends the request, under the lock: no task outlives its projects.
        async with self._lock:
            if self._reply is None:
                try:
                    self._reply = await self.client.get("/team", wire.Teams)
                except ProviderError as error:
                    self._reply = error
        if isinstance(self._reply, ProviderError):
            raise self._reply
        return self._reply
