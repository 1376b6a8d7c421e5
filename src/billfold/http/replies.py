"""A reply read into its shape; what it has beyond that is noted, and an error in it is raised."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import aiohttp
import msgspec
from msgspec import Struct

from billfold.errors import DriftError
from billfold.http.remarks import Refuse, Remarks, is_read_for_pages, says_pages
from billfold.http.urls import parse_links
from billfold.wire.announced import reading_rows
from billfold.wire.announced_in_rows import said_in_rows
from billfold.wire.decoding import decoding
from billfold.wire.error_words import states_error, words_instead
from billfold.wire.pieces import dropping
from billfold.wire.places import summary
from billfold.wire.stated_zone import has_days
from billfold.wire.unread import no_unread, rows_in
from billfold.wire.unready import own_errors, shown

T = TypeVar("T")
NO_CONTENT = 204
_WARNINGS = ("warnings", "warning")
# Keys by which a body says that it failed or has warnings, beside its data or instead of it.
_ASIDE = frozenset({"error", "errors", "success", "ok", *_WARNINGS})
# What is no whole answer yet, or not for all that was asked (RFC 9110, RFC 4918).
_UNFINISHED = {
    202: "202 Accepted, so its answer may not be ready",
    207: "207 Multi-Status, of which parts may have failed",
}


class Reply(Struct, Generic[T], frozen=True):
    """A decoded body, its headers, and the URLs of its ``Link`` header by their ``rel``."""

    body: T
    headers: Mapping[str, str]
    links: Mapping[str, str]


def read_reply(
    response: aiohttp.ClientResponse,
    body: bytes,
    path: str,
    shape: type[T],
    remarks: Remarks,
    refuse: Refuse,
    now: Callable[[], datetime],
) -> Generator[None, None, T]:
    """Return a body in its shape, and note what it has beyond that; a large one in steps.

    ``refuse`` raises the provider's own error where the body is one in spite of its status, and
    returns its words where it stands beside data, else what it is given. ``now`` is asked only
    where a window may be open.
    """
    left_out: list[str] = []
    try:
        value, tree, is_large = yield from decoding(body, shape, left_out)
    except DriftError as error:
        refuse("")
        if response.status == NO_CONTENT:
            raise DriftError("the reply is empty (204 No Content)") from None
        if said := words_instead(body):
            raise error.introduced(f"the provider says: {refuse(said)}") from None
        raise
    if type(tree) is dict and not _ASIDE.isdisjoint(tree):  # which nearly every reply's keys are
        _look_aside(path, tree, shape, remarks, refuse)
    if response.status in _UNFINISHED:
        remarks.note(f"{path} was answered with {_UNFINISHED[response.status]}", gap=True)
    if left_out:
        places = ", ".join(summary(left_out))
        remarks.note(f"left out of {path}, as it cannot be read: {places}", gap=False)
        if rows := rows_in(tree, left_out):
            remarks.note(f"rows of money not read in {path}: {', '.join(rows)}", gap=True)
    if is_large:
        yield from _look_at_large(path, tree, shape, body, remarks, refuse)
    else:
        remarks.look(path, tree, shape, body, refuse=refuse)
    if shape is not msgspec.Raw:
        if "-" in response.url.raw_query_string:  # as every time has, and few pages' queries
            remarks.look_at_window(path, tree, response.url.query, now())
        if has_days(shape):
            remarks.look_at_zone(path, tree)
        if remarks.ends is not None:
            remarks.look_at_knowledge(path, tree, shape, response.url)
    if says_pages(response.headers, response.status):
        _look_at_headers(response, path, tree, remarks)
    if is_large and not is_read_for_pages():
        yield from dropping(tree, shape)
    return value


def _look_aside(
    path: str, tree: dict[str, Any], shape: Any, remarks: Remarks, refuse: Refuse
) -> None:
    """Note errors and warnings beside data. ``refuse`` raises the error that the body is."""
    if states_error(tree):
        words = refuse(shown(own_errors(tree)))
        if shape is not msgspec.Raw:
            remarks.note_errors(path, tree, words)
    if shape is not msgspec.Raw:
        # Without its words, which are the provider's and may be anything.
        for key in [key for key in _WARNINGS if tree.get(key)]:
            remarks.note(f"{path} has a warning beside its data, at `$.{key}`", gap=False)


def _look_at_large(
    path: str,
    tree: Any,
    shape: Any,
    body: bytes,
    remarks: Remarks,
    refuse: Refuse,
) -> Generator[None, None, None]:
    known = yield from no_unread(tree, shape)
    yield
    in_rows = said_in_rows if shape is msgspec.Raw else (yield from reading_rows(tree))
    yield
    remarks.look(path, tree, shape, body, known, in_rows, refuse)
    yield


def _look_at_headers(
    response: aiohttp.ClientResponse, path: str, tree: Any, remarks: Remarks
) -> None:
    remarks.look_at_headers(path, response.headers, links_of(response), response.status, tree)


def links_of(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Return the URLs of a reply's ``Link`` headers by their relations."""
    return parse_links(response.headers.getall("Link", ()), response.url)
