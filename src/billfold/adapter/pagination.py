"""The one paging engine: follows the provider's rule, counts a record once, and never ends quietly or loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
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
    that a stream which did not end properly is never taken for whole. ``note`` sums up what was odd; ``doubtful`` is whether
    the list may not be whole or right: ``conflicts`` counts the records whose content changed between two pages, ``gaps`` the
    pages without records after which the list went on.
    """

    fetch: Callable[[K | None], Awaitable[P]]
    rows: Callable[[P], Sequence[R]]
    ident: Callable[[R], str]
    follow: Callable[[P], K | None]
    first: K | None = None
    cap: int = PAGE_CAP
    repeats: int = 0
    conflicts: int = 0
    gaps: int = 0
    _seen: dict[str, int] = field(factory=dict, init=False, repr=False)

    async def __aiter__(self) -> AsyncGenerator[list[R], None]:
        key, keys = self.first, {self.first}
        # While the caller works on a page, the next one, never more than one, is on its way.
        ahead = asyncio.ensure_future(self.fetch(key))
        try:
            for number in range(1, self.cap + 1):
                page = await ahead
                rows = self.rows(page)
                new = [row for row in rows if self._new(row)]
                key = self.follow(page)
                wrong = (
                    None
                    if key is None
                    else self._wrong(number, key in keys, bool(rows) and not new)
                )
                if key is not None and wrong is None:
                    self.gaps += not rows
                    keys.add(key)
                    ahead = asyncio.ensure_future(self.fetch(key))
                del page, rows
                yield new
                if wrong is not None:
                    raise DriftError(wrong)
                if key is None:
                    return
        finally:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    def _wrong(self, number: int, again: bool, stale: bool) -> str | None:
        """Say why the page after this one cannot be reached, or None."""
        if again:
            return "the provider repeats a page's cursor, so the rest of the list cannot be reached"
        if stale:
            return "a page only repeats records already read, so the rest of the list cannot be reached"
        return f"the list does not end within {self.cap} pages" if number == self.cap else None

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
    def doubtful(self) -> bool:
        """Whether records may be missing, or have been two things at once."""
        return bool(self.conflicts or self.gaps)

    @property
    def note(self) -> str | None:
        """Say what was odd, or None."""
        parts = []
        if self.repeats:
            parts.append(f"{self.repeats} repeated over pages, counted once")
        if self.conflicts:
            parts.append(f"{self.conflicts} changed between two pages, the first reading was kept")
        if self.gaps:
            parts.append(f"{self.gaps} pages without records, after which the list went on")
        return "; ".join(parts) or None
