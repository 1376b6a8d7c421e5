"""Which keys of undocumented objects say when something was. Pure."""

from __future__ import annotations

from functools import lru_cache

from billfold_bnerd.naming_keys import describes, names_a_thing
from billfold_bnerd.values import word_set, words

# Keys of nothing but these words say when something was.
_WHEN = word_set(
    "usage used recorded metered measured sampled hour day date timestamp time at from to since "
    "until start end interval window range period month cycle"
)
# Keys with one of these words do, too, unless they are about the record or the reply itself.
_TIMES = word_set("time timestamp period month week day date quarter cycle")
_RECORDS = word_set(
    "created updated modified deleted started ended start end due paid issued invoice generated "
    "contract trial renewal launch launched activated provisioned valid expires expiry last next "
    "first zone unit per price rate total cost server request response report "
    "ingested collected aggregated posted sync"
)
# What befalls a record or a thing at a time, beside what it is charged for.
_HAPPENED = word_set(
    "inserted synced imported exported fetched retrieved received processed calculated computed "
    "closed opened finalized archived suspended resumed cancelled canceled terminated stopped "
    "ordered purchased signed registered subscribed joined deployed attached detached released "
    "commissioned decommissioned installed changed edited touched seen effective version revision "
    "renews renewed cancels terminates ends anniversary anchor scheduled planned reset "
    "note notes comment reason status state contact customer payment document"
)
# What is done of a time when it has ended, as well as within it.
_RECORDED = word_set("recorded metered measured sampled metering sample")
_CHANGES, _WHEN_LAST = word_set("updated modified changed"), word_set("last at on date time")
_BILLS = word_set("billing bill billed")
_SPANS = word_set("period month week quarter day window interval range cycle")
_BOUNDS = word_set("from to since until start end")


@lru_cache(maxsize=4096)  # of each key of each row several times
def names_time(key: str) -> bool:
    """Return whether a key says when something was, and not when its record was made."""
    spelled = words(key)
    is_time = not _TIMES.isdisjoint(spelled) and _RECORDS.isdisjoint(spelled)
    return bool(spelled) and (is_time or _WHEN.issuperset(spelled))


@lru_cache(maxsize=4096)
def dates_service(key: str) -> bool:
    """Return whether a key says when something was used, and not when it was billed."""
    return names_time(key) and _BILLS.isdisjoint(words(key))


@lru_cache(maxsize=4096)
def names_recording(key: str) -> bool:
    """Return whether a key says when something was measured, which may be when it had ended."""
    return not _RECORDED.isdisjoint(words(key))


@lru_cache(maxsize=4096)
def names_last_change(key: str) -> bool:
    """Return whether a key says when its record was last changed."""
    spelled = words(key)
    return not _CHANGES.isdisjoint(spelled) and (_CHANGES | _WHEN_LAST).issuperset(spelled)


@lru_cache(maxsize=4096)
def may_name_event(key: str) -> bool:
    """Return whether a time under a key of no known kind may be when something was used.

    Any may, but of the record, of the thing's life or its bill, and what names or describes.
    """
    is_known = not (_RECORDS | _HAPPENED).isdisjoint(words(key)) or names_time(key)
    return not (is_known or names_a_thing(key) or describes(key))


def names_span(key: str) -> bool:
    """Return whether a key that says when names a span of time, as ``usage_month`` does.

    ``period_start`` names one bound of it.
    """
    spelled = words(key)
    return names_time(key) and not _SPANS.isdisjoint(spelled) and _BOUNDS.isdisjoint(spelled)


def names_one_time(value: object) -> bool:
    """Return whether a value is one text for a time, and not its two bounds, which windows cut."""
    return isinstance(value, str) and "/" not in value and ".." not in value
