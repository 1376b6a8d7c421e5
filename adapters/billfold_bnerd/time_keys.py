"""Which keys of undocumented objects say when something was. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from billfold_bnerd.values import word_set, words

_HAPPENED = word_set("occurred happened")
# Keys of nothing but these words say when something was.
_WHEN = _HAPPENED | word_set(
    "usage used recorded metered measured sampled hour day date timestamp time ts at from to until "
    "start end interval window range period month cycle"
)
# Keys with one of these words do, too, unless they are about others.
_TIMES = word_set(
    "time timestamp ts epoch period month week day date quarter cycle timeframe "
    "zeitraum abrechnungszeitraum leistungszeitraum monat abrechnungsmonat"
)
# What befalls a record, a bill or a thing, beside what it is charged for, in all that is made of
# these: `creat` is in `created_at`, in `creation_date` and in `creator`.
_STEMS = (
    "creat modif update delete deletion remov insert generate generation suspend resum paus cancel "
    "terminat expir renew activat deactivat provision launch boot install attach detach release "
    "commission decommission publish publication purchas registered registration "
    "subscrib onboard invoic trial contract licen certificate warrant reserve reservation coupon "
    "discount redeem refund revers waiv replac supersede disput approv confirm upgrad migrat "
    "maint pric histor compar forecast"
)
# And in these words alone.
_WORDS = (
    "synced sync imported exported fetched retrieved received ingested processed calculated "
    "computed collected aggregated collector archived closed opened finalized stopped ordered "
    "order signed signup sign joined deployed delivered touched edited changed change added seen "
    "taken polled locked enabled allocated assigned effective eol version revision anniversary "
    "anchor scheduled planned reset setup due paid payment posted posting charged rate rated rates "
    "rating issued valid expiry tariff agreement support last next first previous prior current "
    "since server request response note notes comment reason status state contact customer "
    "document void voided credited corrected"
)
# A time of what may be used, too, as a backup is.
_DATED = (
    "(?:report|accounting|booking|snapshot|backup|export|import|delivery|deployment|requested|"
    "reported|settled|completed|resized|refreshed|checked|verified|accepted) "
    "(?:date|time|timestamp|at|on)"
)
_OTHERS = re.compile(
    rf"\b(?:(?:{'|'.join(_STEMS.split())})[a-z]*|{'|'.join(_WORDS.split())}|{_DATED})\b"
)
# With these a key names a bound, an amount, or how a time is written.
_NO_TIMES = word_set("start end started ended zone unit per total cost")
# What is done of a time when it has ended, as well as within it.
_RECORDED = word_set("recorded metered measured sampled metering sample")
_CHANGES, _WHEN_LAST = word_set("updated modified changed"), word_set("last at on date time")
_BILLS = word_set("billing bill billed")
_SPANS = word_set(
    "period month week quarter day window interval range cycle timeframe frame "
    "zeitraum abrechnungszeitraum leistungszeitraum monat abrechnungsmonat"
)
_MONTHLY = word_set(
    "period month zeitraum abrechnungszeitraum leistungszeitraum monat abrechnungsmonat"
)
# What a key of use is of, and what of it the last word names.
_USES = word_set("usage used use service consumption consumed line item")
_NAMED_BY = {
    **dict.fromkeys(("date", "day", "on"), "day"),
    **dict.fromkeys(("hour", "time", "timestamp", "ts", "at"), "hour"),
    **{"month": "month", "week": "week"},
}
_BOUNDS = word_set("from to since until start end")


@lru_cache(maxsize=4096)  # of each key of each row several times
def names_time(key: str) -> bool:
    """Return whether a key says when something was, and not when its record was made."""
    spelled = words(key)
    is_time = not _TIMES.isdisjoint(spelled) and _NO_TIMES.isdisjoint(spelled)
    return bool(spelled) and (_WHEN.issuperset(spelled) or (is_time and not is_about_others(key)))


@lru_cache(maxsize=4096)
def is_about_others(key: str) -> bool:
    """Return whether a key is about a record, a bill or the life of something, and not its use."""
    return _OTHERS.search(" ".join(words(key))) is not None


@lru_cache(maxsize=4096)
def dates_service(key: str) -> bool:
    """Return whether a key says when something was used, and not when it was billed."""
    return names_time(key) and _BILLS.isdisjoint(words(key))


@lru_cache(maxsize=4096)
def names_moment_of_use(key: str) -> bool:
    """Return whether a key can say only at which moment something was used, and names no bound."""
    spelled = words(key)
    is_of_use = (_WHEN | _USES | _RECORDED).issuperset(spelled)
    return is_of_use and names_time(key) and _BOUNDS.isdisjoint(spelled)


@lru_cache(maxsize=4096)
def names_event(key: str) -> bool:
    """Return whether a key says when something happened, which may be as it ended."""
    return not _HAPPENED.isdisjoint(words(key))


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


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def key_of_use(keys: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the first key that says when something was used, and nothing else, with what it names.

    That is a day, a month, a week or a time: ``usage_date`` does, ``peak_time`` need not.
    """
    for key in keys:
        *of, last = words(key) or ("",)
        if of and last in _NAMED_BY and _USES.issuperset(of):
            return key, _NAMED_BY[last]
    return None


def names_month(key: str) -> bool:
    """Return whether a key names a span of time that is a month's, as a billing period is."""
    return names_span(key) and not _MONTHLY.isdisjoint(words(key))


def names_one_time(value: object) -> bool:
    """Return whether a value is one text for a time, and not its two bounds, which windows cut."""
    return isinstance(value, str) and "/" not in value and ".." not in value
