"""What an adapter is.

A frozen attrs class that declares who its provider is and has a method per stream.

Its class variables say who it is (``provider``, ``declares``), its fields are the settings it takes
from an account's configuration. What is not a method is *unsupported*; nobody writes a stub. See
``methods`` for the methods there can be.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol, runtime_checkable

from attrs import field, frozen

from billfold.adapter.catalogue import Catalogue
from billfold.http.auth import Auth, Bearer
from billfold.model import Stream
from billfold.period import Period, midnight
from billfold.wire import Problem

# What a detail says of days that may still grow.
MAY_GROW = "not final"


@frozen
class LateData:
    """What a provider states of a day is final once it is ``within`` over, for the reason ``why``.

    ``why`` is for people, and goes on after "not final from 2026-10-30 on: ".
    """

    within: timedelta
    why: str

    def not_final(self, window: Period, read_at: datetime) -> str | None:
        """Return in words from which UTC day on a window may grow that was read at a moment."""
        since = midnight((read_at - self.within).date())
        if window.end <= since:
            return None
        return f"{MAY_GROW} from {since:%Y-%m-%d} on: {self.why}"


@frozen
class Declaration:
    """What an adapter says about its provider without asking it.

    ``requests_per_minute`` is the provider's limit per credential (None: none known). ``auth`` is
    how requests carry the token. ``token_env`` and ``url_env`` name the environment variables of an
    account without a file, ``settings_env`` those of settings; ``required`` names the settings
    nobody can discover. ``offers`` describes in a few words, for people, what each stream answers.
    ``reach`` returns the ids of the organizations or projects that an adapter's settings limit it
    to, None where they do not: accounts that name different ones never wait for each other.
    ``by_name`` is whether they limit it by names that are no ids: to what the provider then states.
    ``token_of_one_payer`` is whether a token is of one payer, whatever the account's settings,
    ``project_of_one_payer`` whether a project's id is, whoever lists it, ``payer_of_one_currency``
    whether whatever a payer is billed is in one currency. ``only_running_cycles`` is whether usage
    is each project's running billing cycle: of one that is gone nothing is stated, though it was
    billed. ``only_current`` are the streams of which the provider answers for what runs alone, so
    that nobody is told to ask for what is over. ``billed_once`` returns what of a usage, or of an
    invoice, is of one payer or project only, whichever accounts read it: the words for each, and
    what tells it from others. ``late_data`` says of which streams the provider states
    more of a time that is over: such windows are asked for again until they are final.
    ``problem`` reads error bodies. ``catalogue`` is what a FOCUS export says about the provider's
    charges.
    """

    title: str
    base_url: str
    token_env: str
    url_env: str
    problem: Callable[[bytes], Problem]
    auth: Auth = field(factory=Bearer)
    settings_env: Mapping[str, str] = field(factory=dict)
    required: tuple[str, ...] = ()
    reach: Callable[[Any], Iterable[str] | None] = lambda _: None
    by_name: Callable[[Any], bool] = lambda _: False
    token_of_one_payer: bool = False
    project_of_one_payer: bool = False
    payer_of_one_currency: bool = False
    only_running_cycles: bool = False
    only_current: frozenset[Stream] = frozenset()
    billed_once: Callable[[Any], Iterable[tuple[str, Hashable]]] = lambda _: ()
    late_data: Mapping[Stream, LateData] = field(factory=dict)
    requests_per_minute: int | None = None
    headers: Mapping[str, str] = field(factory=dict)
    offers: Mapping[Stream, str] = field(factory=dict)
    catalogue: Catalogue | None = None

    @property
    def brand(self) -> str:
        """What people call who sells it."""
        return self.title if self.catalogue is None else self.catalogue.brand


@runtime_checkable
class Adapter(Protocol):
    """The least an adapter is."""

    provider: ClassVar[str]
    declares: ClassVar[Declaration]
