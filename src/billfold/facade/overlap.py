"""What several accounts reach counts in the first of them only: law 3."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from msgspec import Struct, field

from billfold.facade._one_payer import HAVE_ONE_PAYER, of_one_payer
from billfold.facade._perhaps_one import PerhapsOne
from billfold.facade.source import Source
from billfold.model import Stream, amounts_of
from billfold.money import Money

# Provider, origin, whom it bills, the project below that, and the record's own.
Identity = tuple[str, str, Hashable, str, tuple[Any, ...]]

_OWN: Mapping[Stream, Callable[[Any], tuple[Any, ...]]] = {
    Stream.USAGE: lambda record: (record.covers,),
    Stream.DAILY: lambda record: (record.date, record.part),
    Stream.BALANCES: lambda record: (record.kind, record.scope.casefold()),
    Stream.INVOICES: lambda record: (record.kind, record.id),
    Stream.LEDGER: lambda record: (record.id,),
    Stream.SUBSCRIPTIONS: lambda record: (record.id,),
    Stream.PAYMENT_METHODS: lambda record: (record.id,),
}

# What says whose a record is.
_OWNER = ("billing_account_id", "sub_account_id")
_COMPARED = HAVE_ONE_PAYER | {Stream.BALANCES}


def identity(source: Source, record: Any) -> Identity | None:
    """Return what tells that two accounts have the same record, None for what is never shared.

    Ids are compared without case. Where the provider does not say whose a record is, it is shared
    by accounts that have the same token and, unless a token is of one payer, the same settings.
    """
    own = _OWN.get(source.collector.stream)
    if own is None:
        return None
    payer, project = record_owner(record)
    owner = payer.casefold() if payer or project else source.login
    return *source.place, owner, project.casefold(), own(record)


def record_owner(record: Any) -> tuple[str, str]:
    """Return the ids of whom the provider bills for a record, and of the project; "" for none."""
    payer = getattr(record, "billing_account_id", None)
    return payer or "", getattr(record, "sub_account_id", None) or ""


class _Line(Struct, eq=False):
    """Accounts in the order in which they are configured; how many at its head have ended."""

    sources: list[Source] = []
    _ended: int = 0

    def before(self, source: Source) -> Iterator[Source]:
        """Yield the accounts before one, the nearest first, up to those that have ended.

        The nearest itself waits for those before it, so a long line is not woken as a whole.
        """
        place = bisect_left(self.sources, source.number, key=attrgetter("number"))
        while place > self._count_ended():
            place -= 1
            yield self.sources[place]

    def _count_ended(self) -> int:
        while self._ended < len(self.sources) and self.sources[self._ended].ended:
            self._ended += 1
        return self._ended


def _without_payer(key: Identity) -> Hashable:
    provider, origin, _, project, own = key
    return provider, origin, project, own


class _Neighbours(Struct, eq=False):
    """The accounts at one provider's address, and what each is limited to."""

    everyone: _Line = field(default_factory=_Line)
    unlimited: _Line = field(default_factory=_Line)
    by_id: dict[str, _Line] = {}
    by_login: dict[Hashable, _Line] = {}

    def add(self, source: Source) -> None:
        lines = [self.everyone, self.by_login.setdefault(source.login, _Line())]
        if source.reach is None:
            lines.append(self.unlimited)
        lines += [self.by_id.setdefault(part, _Line()) for part in source.reach or ()]
        for line in lines:
            line.sources.append(source)

    def before(self, source: Source) -> Iterator[Source]:
        """Yield the earlier accounts that may reach what this one does."""
        lines = [self.everyone]
        if source.reach is not None:
            lines = [self.unlimited, *(self.by_id[part] for part in source.reach)]
        return chain.from_iterable(line.before(source) for line in lines)


class Claims(Struct, eq=False):
    """Whose each record is: that of the first account, as they are configured, that gave it."""

    sources: Sequence[Source]
    _claimed: dict[Identity, Source] = {}
    _of_project: dict[Hashable, list[Identity]] = {}
    _amounts: dict[Identity, list[tuple[Money, ...]]] = {}
    _of_one_payer: dict[Hashable, Source] = {}
    _currencies: dict[Hashable, tuple[Source, str]] = {}
    _perhaps_one: PerhapsOne = field(default_factory=PerhapsOne)
    _neighbours: dict[tuple[str, str], _Neighbours] = {}
    _earlier: dict[Source, Iterator[Source]] = {}
    _running: dict[Source, Source | None] = {}
    _awaited: dict[object, list[asyncio.Future[None]]] = {}

    def __post_init__(self) -> None:
        if len(self.sources) < 2:
            return
        at: dict[tuple[str, str], list[Source]] = {}
        for source in self.sources:
            at.setdefault(source.place, []).append(source)
        for place, sources in at.items():
            if len(sources) > 1:
                self._neighbours[place] = neighbours = _Neighbours()
                for source in sources:
                    neighbours.add(source)

    def keep(self, source: Source, items: Iterable[Any]) -> tuple[Any, ...]:
        """Return the items that no other account has given, and claim them."""
        if self._is_alone(source):
            return tuple(items)
        return tuple([item for item in items if self._is_own(source, item)])

    def keep_alone(self, source: Source, items: Iterable[Any]) -> tuple[Any, ...]:
        """Return all the items of an account that reaches nothing that another one does."""
        kept = tuple(items)
        if source.collector.stream in _COMPARED and not self._is_alone(source):
            for item in kept:
                self._compare_payers(source, item)
        return kept

    @property
    def have_neighbours(self) -> bool:
        """Whether any accounts are asked at the same address."""
        return bool(self._neighbours)

    def _is_alone(self, source: Source) -> bool:
        return source.place not in self._neighbours

    def _is_own(self, source: Source, item: Any) -> bool:
        key = self._known(source, identity(source, item))
        if key is None:
            return True
        owner = self._claimed.setdefault(key, source)
        if key[3]:
            of_project = self._of_project.setdefault(_without_payer(key), [])
            if key not in of_project:
                of_project.append(key)
        if self._awaited:
            self._wake(key)
        self._compare(key, owner, source, item)
        if owner is source:
            self._compare_payers(source, item)
        else:
            payer, project = record_owner(item)
            # A subscription is whoever's it is billed to, whatever it runs in.
            is_billed = payer and source.collector.stream is Stream.SUBSCRIPTIONS
            part = payer if is_billed else project or payer
            source.note_counted(part or "what it reaches", owner.account.name)
            if "" not in (payer, key[2]) and payer.casefold() != key[2]:
                words = f"{project} is {payer}'s here, and another payer's in account"
                source.note_contradicting(f"{words} {owner.account.name}")
        return owner is source

    def _known(self, source: Source, key: Identity | None) -> Identity | None:
        """Return the identity that a record was claimed by, or else its own.

        A project's payer may be told to one account and not to the other.
        """
        if key is None or not key[3]:
            return key
        for other in self._of_project.get(_without_payer(key), ()):
            of_one = source.account.adapter.declares.project_of_one_payer
            if of_one or key[2] == other[2] or "" in (key[2], other[2]):
                return other
        return key

    def _compare(self, key: Identity, owner: Source, source: Source, item: Any) -> None:
        """Note where two accounts state different amounts of the same: only one of them counts."""
        stated = amounts_of(source.collector.stream, item)
        counted = self._amounts.setdefault(key, [])
        if owner is source:
            counted.append(stated)
        elif stated not in counted:
            words = f"states {_amounts_text(counted[0])} of {_called(item)}"
            other = _amounts_text(stated)
            text = f"account {owner.account.name} {words}, not {other}"
            if _are_of_one_currency(counted[0], stated):
                source.note_differing(text)
            else:
                source.note_contradicting(text)

    def _compare_payers(self, source: Source, item: Any) -> None:
        """Note what two accounts state for two payers or projects, and what may be one and both."""
        declares = source.account.adapter.declares
        noted: set[Source] = set()
        for name, whose, own in of_one_payer(declares, source.collector.stream, item):
            other = self._of_one_payer.setdefault((source.place, own), source)
            if other is not source and other not in noted:
                noted.add(other)
                _note_both(source, other, f"{name} counts in account {{}}, too, as {whose}")
        if declares.payer_of_one_currency:
            self._compare_currencies(source, item)
        payer, project = map(str.casefold, record_owner(item))
        owner = project if declares.project_of_one_payer and project else (payer, project)
        for other, words in self._perhaps_one.others(source, item, owner, bool(payer)):
            _note_both(source, other, words)

    def _compare_currencies(self, source: Source, item: Any) -> None:
        """Note that two accounts state two currencies of a payer, of whatever projects."""
        payer, _ = record_owner(item)
        codes = {money.currency for money in amounts_of(source.collector.stream, item)}
        for code in sorted(codes) if payer else ():
            key = (source.place, payer.casefold())
            other, first = self._currencies.setdefault(key, (source, code))
            if other is not source and code != first:
                source.note_contradicting(_in_two(payer, code, first, other))
                other.note_contradicting(_in_two(payer, first, code, source))

    def is_settled(self, source: Source, items: Iterable[Any]) -> bool:
        """Return whether no earlier account can still claim one of the items."""
        return self._first_open(source, items) is None

    async def settle(self, source: Source, items: Iterable[Any]) -> None:
        """Wait until no earlier account can still claim one of the items."""
        while (undecided := self._first_open(source, items)) is not None:
            future = asyncio.get_running_loop().create_future()
            for what in undecided:
                self._awaited.setdefault(what, []).append(future)
            await future

    def end(self, source: Source) -> None:
        """Note that an account gives no more."""
        source.ended = True
        self._wake(source)

    def _first_open(self, source: Source, items: Iterable[Any]) -> tuple[Identity, Source] | None:
        """Return an item that an earlier account may still claim, and that account."""
        if self._is_alone(source):
            return None
        for item in items:
            key = self._known(source, identity(source, item))
            if key is not None and key not in self._claimed:
                of_login = key[2] is source.login
                running = (
                    self._running_of_login(source) if of_login else self._running_before(source)
                )
                if running is not None:
                    return key, running
        return None

    def _running_of_login(self, source: Source) -> Source | None:
        """Return an earlier account of the same token and settings that has not ended."""
        same = self._neighbours[source.place].by_login[source.login]
        return next((other for other in same.before(source) if not other.ended), None)

    def _running_before(self, source: Source) -> Source | None:
        """Return an earlier account that may reach the same and has not ended."""
        if source not in self._earlier:
            self._earlier[source] = self._neighbours[source.place].before(source)
            self._running[source] = next(self._earlier[source], None)
        while (running := self._running[source]) is not None and running.ended:
            self._running[source] = next(self._earlier[source], None)
        return running

    def _wake(self, what: object) -> None:
        for future in self._awaited.pop(what, ()):
            if not future.done():
                future.set_result(None)


def keep_own(given: Mapping[Source, Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return of all that accounts gave, an account after another, what counts in each.

    Most reach nothing that another one does: of those no record is looked at for itself.
    """
    claims = Claims([*given])
    if not claims.have_neighbours:
        return [tuple(items) for items in given.values()]
    alone = _without_neighbours(given)
    return [
        claims.keep_alone(source, items) if source in alone else claims.keep(source, items)
        for source, items in given.items()
    ]


def _without_neighbours(given: Mapping[Source, Sequence[Any]]) -> set[Source]:
    """Return the accounts whose records are all of payers and projects that no other one gave."""
    first: dict[Hashable, Source] = {}
    alone = set(given)
    for source, items in given.items():
        for payer, project in _owners(items):
            # By the project where there is one, as its payer may be told to one account alone.
            owner = ("project", project.casefold()) if project else ("payer", payer.casefold())
            key = (source.place, owner if project or payer else source.login)
            if (other := first.setdefault(key, source)) is not source:
                alone -= {source, other}
    return alone


def _owners(records: Sequence[Any]) -> set[tuple[str, str]]:
    """Return the owners of records of one kind, which have equal ones where they state the same."""
    fields = [name for name in _OWNER if hasattr(type(records[0]), name)] if records else ()
    if not fields:
        return set(map(record_owner, records))
    stated = map(attrgetter(*fields), records)
    return set(map(record_owner, dict(zip(stated, records, strict=True)).values()))


def _note_both(source: Source, other: Source, words: str) -> None:
    """Note something about two accounts in both; ``words`` name the other one by a ``{}``."""
    source.note_contradicting(words.format(other.account.name))
    other.note_contradicting(words.format(source.account.name))


def _in_two(payer: str, code: str, other_code: str, other: Source) -> str:
    return f"{payer} is billed in {code} here, and in {other_code} in account {other.account.name}"


def _are_of_one_currency(first: Iterable[Money], second: Iterable[Money]) -> bool:
    """Return whether amounts are in the same currencies, or one side states none."""
    codes, others = ({money.currency for money in side} for side in (first, second))
    return not codes or not others or codes == others


def _amounts_text(amounts: Iterable[Money]) -> str:
    return " and ".join(map(str, amounts)) or "no amount"


def _called(record: Any) -> str:
    """Return the words by which people know what an amount is of."""
    payer, project = record_owner(record)
    shared = getattr(record, "scope_name", None) or getattr(record, "scope", None)
    own = getattr(record, "date", None) or getattr(record, "number", None)
    own = own or getattr(record, "id", None)
    return " ".join(str(name) for name in (shared or project or payer, own) if name) or "the same"
