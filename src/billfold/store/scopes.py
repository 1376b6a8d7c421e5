"""Whom a record is billed to, as text that names it in a store."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from billfold.model import Stream


def scope_of(stream: Stream, item: Any) -> str:
    """Return the scope of a stream's record: a usage alone is of a project below who pays."""
    return one_spelling(stated_scope(stream, item))


def stated_scope(stream: Stream, item: Any) -> str:
    """Return the scope of a stream's record with its ids as they are stated, to show it."""
    project = item.sub_account_id if stream is Stream.USAGE else None
    return _scope(item.billing_account_id, project)


def scope_text(billing_account: str | None, sub_account: str | None = None) -> str:
    """Return whom a record is billed to as text that two never share, but for its letter case."""
    return one_spelling(_scope(billing_account, sub_account))


@lru_cache(maxsize=1024)
def _scope(billing_account: str | None, sub_account: str | None) -> str:
    return msgspec.json.encode((billing_account, sub_account)).decode()


@lru_cache(maxsize=1024)
def one_spelling(scope: str) -> str:
    """Return a scope in one case, as ids are compared: stores hold older ones as they came."""
    return scope.casefold()


def project_of(record: Any) -> str:
    """Return a project's id in one spelling, whoever pays for it; "" for what is of none."""
    return (getattr(record, "sub_account_id", None) or "").casefold()


def scope_name(scope: str | None) -> str:
    """Return what people call a scope; None is everything."""
    names = [] if scope is None else [name for name in msgspec.json.decode(scope) if name]
    return " ".join(names) or "the account"


@lru_cache(maxsize=1024)
def scope_ids(scope: str) -> frozenset[str]:
    """Return the ids of who pays and of the project that a scope's text has, in one spelling."""
    ids = msgspec.json.decode(one_spelling(scope), type=tuple[str | None, str | None])
    return frozenset(filter(None, ids))


def payer(scope: str) -> str | None:
    """Return the billing account of a scope's text, in its one spelling."""
    billing_account, _ = _parts(scope)
    return billing_account


def project(scope: str) -> str | None:
    """Return the project of a scope's text, in its one spelling."""
    _, sub_account = _parts(scope)
    return sub_account


def whose(scope: str) -> str:
    """Return the project of a scope's text, or who pays where it has none; "" of neither."""
    return project(scope) or payer(scope) or ""


@lru_cache(maxsize=1024)
def _parts(scope: str) -> tuple[str | None, str | None]:
    return msgspec.json.decode(one_spelling(scope), type=tuple[str | None, str | None])
