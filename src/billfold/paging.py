"""The one paging engine: follows the provider's rule, counts a record once, and never ends quietly or loops."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from attrs import define, field

from billfold.errors import DriftError
from billfold.wire import fingerprint

P = TypeVar("P")
R = TypeVar("R", bound=Hashable)
K = TypeVar("K", bound=Hashable)

PAGE_CAP = 10_000


@define
class Paging(Generic[P, R, K]):
    """Iterate over each page's new rows, beginning with the page ``first``.

    ``fetch`` gets a page by its key, ``rows`` and ``ident`` look into it, ``follow`` returns the next page's key or None at the
    provider's own end. Raises DriftError at a repeated key, at a page that only repeats what was seen, and at the page cap, so
    that a stream which did not end properly is never taken for whole. ``note`` sums up repeated and conflicting records;
    ``conflicts`` counts those whose content changed between two pages.
    """

    fetch: Callable[[K | None], Awaitable[P]]
    rows: Callable[[P], Sequence[R]]
    ident: Callable[[R], str]
    follow: Callable[[P], K | None]
    first: K | None = None
    cap: int = PAGE_CAP
    repeats: int = 0
    conflicts: int = 0
    _seen: dict[str, int] = field(factory=dict, init=False, repr=False)

    async def __aiter__(self) -> AsyncIterator[list[R]]:
        key, keys = self.first, {self.first}
        for _ in range(self.cap):
            page = await self.fetch(key)
            rows = self.rows(page)
            new = [row for row in rows if self._new(row)]
            key = self.follow(page)
            del page
            yield new
            if key is None:
                return
            if key in keys:
                raise DriftError("the provider repeats a page's cursor, so the rest of the list cannot be reached")
            if rows and not new:
                raise DriftError("a page only repeats records already read, so the rest of the list cannot be reached")
            keys.add(key)
        raise DriftError(f"the list does not end within {self.cap} pages")

    def _new(self, row: R) -> bool:
        ident, content = self.ident(row), fingerprint(row)
        if ident not in self._seen:
            self._seen[ident] = content
            return True
        if self._seen[ident] == content:
            self.repeats += 1
        else:
            self.conflicts += 1
        return False

    @property
    def note(self) -> str | None:
        """Say what was read more than once, or None."""
        parts = []
        if self.repeats:
            parts.append(f"{self.repeats} repeated over pages, counted once")
        if self.conflicts:
            parts.append(f"{self.conflicts} changed between two pages, the first reading was kept")
        return "; ".join(parts) or None
