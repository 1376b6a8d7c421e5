"""Pages that a reply's headers announce. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

import msgspec

from billfold.wire.announced_in_objects import read_object
from billfold.wire.announcement import Announcement, Found
from billfold.wire.paging_around import Around
from billfold.wire.paging_values import points, whole
from billfold.wire.paging_words import (
    COUNTS,
    PAGE,
    PAGES,
    is_cut,
    says_all_there,
    says_left_out,
    says_next,
    says_not_all,
    says_rows,
)
from billfold.wire.rows import fold, shown_rows

_PREFIXES = ("x-", "wp-")
_RANGE = re.compile(r"\s*(?:(\w+)[\s=]+)?(\d{1,18})-(\d{1,18})/(\d{1,18})\s*")
# What money may be called in a body, or a limit, and in no header.
_TOTALS = {f"{listed}total" for listed in ("", "list", "set", "collection", "objects")}
_PAGES = {*PAGES, "pagetotal", "pagestotal", "pagemax", "maxpage", "pagelast"}
_NEXT = {"next", "nextrange"}
_HEADERS = {*_PAGES, *PAGE, *COUNTS, *_TOTALS, *_NEXT, "contentrange", "link", "pagination"}


def says_pages(headers: Mapping[str, str], status: int) -> bool:
    """Return whether headers may say something about pages, which few do."""
    return status == 206 or any(map(_may_say, headers))


def in_headers(
    headers: Mapping[str, str], links: Collection[str], status: int, tree: object
) -> Announcement | None:
    """Return what a reply's headers say about its pages; ``links`` are the relations of its links.

    ``tree`` is its decoded body, whose rows are counted where a header states how many there are.
    """
    found = Found()
    if "next" in links:
        found.say("next", "the header `Link`")
    for header, value in headers.items():
        _read(header, value, found)
    _read_range(
        next((headers[each] for each in headers if _fold(each) == "contentrange"), ""),
        status,
        found,
    )
    return found.announcement(shown_rows(tree), in_body=False)


def _read(header: str, value: str, found: Found) -> None:
    name, place = _fold(header), f"the header `{header}`"
    if (name in _NEXT or says_next(name)) and points(value):
        found.say("next", place)
    elif name in _PAGES:
        found.count("pages", whole(value), place)
    elif name in PAGE and (page := whole(value)) is not None:
        found.say("page", page)
    elif _counts_rows(name) or header.lower() == "pagination-count":
        found.count("rows", whole(value), place)
    elif _may_be_cut(name) and is_cut(name, value):
        found.say("short", f"{place} says that this is not all")
    elif name == "pagination":
        _read_written(value, place, found)


def _read_written(value: str, place: str, found: Found) -> None:
    """Add what a header says whose value is a JSON object about the list's pages."""
    try:
        written = msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return
    if isinstance(written, dict):
        said = Found()
        read_object("$.pagination", Around("pagination", written, {}, None), (), said)
        for name, each in said.said.items():
            found.say(name, place if isinstance(each, str) else each)


def _read_range(value: str, status: int, found: Found) -> None:
    """Add what ``Content-Range: items 0-24/80`` says, or a status 206 without it."""
    place, stated = "the header `Content-Range`", _RANGE.fullmatch(value)
    if stated is not None:
        if int(stated[3]) + 1 < int(stated[4]):
            found.say("next", place)
        if (stated[1] or "").lower() != "bytes":
            found.count("rows", int(stated[4]), place)
    elif status == 206:
        found.say("next", "the status 206")


def _counts_rows(name: str) -> bool:
    # A bare count may be one of anything.
    return says_rows(name) or name in _TOTALS or (name in COUNTS and name != "count")


@lru_cache(maxsize=1024)
def _may_say(header: str) -> bool:
    return _is_known(_fold(header))


def _is_known(name: str) -> bool:
    return name in _HEADERS or says_next(name) or says_rows(name) or _may_be_cut(name)


def _may_be_cut(name: str) -> bool:
    # A limit in a header is one of how often to ask.
    words = says_not_all, says_all_there, says_left_out
    return "limit" not in name and any(said(name) for said in words)


@lru_cache(maxsize=1024)
def _fold(header: str) -> str:
    """Return a header's name as names are compared, without a provider's own before others."""
    name = header.lower()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    _, _, rest = name.partition("-")
    others = [rest] if "-" in rest else []
    spelled = [fold(each) for one in (name, *others) for each in (one, _without_paging(one))]
    return next(filter(_is_known, spelled), fold(name))


def _without_paging(name: str) -> str:
    return name.removeprefix("pagination-").removeprefix("paging-")
