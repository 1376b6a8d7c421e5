"""Which keys of undocumented objects say when something was. Pure."""

from __future__ import annotations

from functools import lru_cache

from billfold_bnerd.values import word_set, words

# Keys of nothing but these words say when something was.
_WHEN = word_set(
    "usage used recorded metered measured sampled hour day date timestamp time ts at from to since "
    "until start end interval window range period month cycle"
)
# Keys with one of these words do, too, unless they are about the record or the reply itself.
_TIMES = word_set("time timestamp ts epoch period month week day date quarter cycle")
OF_RECORDS = word_set(
    "created updated modified deleted due paid issued invoice generated contract trial renewal "
    "launch launched activated provisioned valid expires expiry last next first rate price server "
    "request response report ingested collected aggregated posted sync"
)
# With these a key names a bound, an amount, or how a time is written.
_NO_TIMES = word_set("start end started ended zone unit per total cost")
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
    is_time = not _TIMES.isdisjoint(spelled) and (OF_RECORDS | _NO_TIMES).isdisjoint(spelled)
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


def names_span(key: str) -> bool:
    """Return whether a key that says when names a span of time, as ``usage_month`` does.

    ``period_start`` names one bound of it.
    """
    spelled = words(key)
    return names_time(key) and not _SPANS.isdisjoint(spelled) and _BOUNDS.isdisjoint(spelled)


def names_one_time(value: object) -> bool:
    """Return whether a value is one text for a time, and not its two bounds, which windows cut."""
    return isinstance(value, str) and "/" not in value and ".." not in value
