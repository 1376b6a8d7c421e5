"""Which repository an organization's pipelines build (CONTRACT.md, section 2)."""

from asyncio import Lock
from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct, field

from billfold.adapter import BillfoldError, Client, all_parts, cursor_pages, segment
from billfold_harmont import wire


class Repositories(Struct, frozen=True):
    """An organization's repositories by the slugs of their pipelines; ``error`` is why some lack.

    They carry no money, so a list that cannot be read fails no charge.
    """

    by_pipeline: Mapping[str, str] = {}
    error: BillfoldError | None = None


class RepositoriesOnce(Struct):
    """The repositories of some organizations, of which each is read once, whoever comes first."""

    client: Client
    _read: dict[str, Repositories] = {}
    _locks: defaultdict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))

    async def of(self, org: str) -> Repositories:
        """Return an organization's repositories."""
        async with self._locks[org]:
            if org not in self._read:
                self._read[org] = await _repositories(self.client, org)
        return self._read[org]


async def _repositories(client: Client, org: str) -> Repositories:
    pages = cursor_pages(
        client,
        f"/api/v0/organizations/{segment(org)}/pipelines",
        wire.Pipelines,
        rows=lambda page: page.data,
        row_id=lambda row: row.slug,
        next_cursor=lambda page: page.next_cursor,
        query=(("limit", "100"),),  # the largest page
    )
    try:
        pipelines = await all_parts(pages, "pipelines")
    except BillfoldError as error:
        return Repositories(error=error)
    named = {row.slug: row.repository for row in pipelines.items if row.slug and row.repository}
    return Repositories(named, pipelines.error)
