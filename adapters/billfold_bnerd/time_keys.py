"""What the keys of undocumented objects say of when (CONTRACT.md, sections 3.2 and 3.9). Pure.

Any time may say when something was used, under whatever key, but one of the record, the bill or
the life of something.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from attrs import frozen

from billfold_bnerd import times
from billfold_bnerd.naming_keys import describes, names_a_thing
from billfold_bnerd.values import word_set, words

_MONTHS = word_set(
    "period month zeitraum abrechnungszeitraum leistungszeitraum monat abrechnungsmonat"
)
# What a key names that is a span of time.
SPANS = _MONTHS | word_set("week quarter day window interval range cycle timeframe frame")
_STARTS = word_set("from start starts started starting since begin begins began beginning von")
_ENDS = word_set("to until end ends ended ending finish finished till bis")
BOUNDS = _STARTS | _ENDS
# Days that are bounds, by what else they are called.
_OUTER_DAYS = {"first_day": "start_day", "last_day": "end_day"}
# Words of a bound that do not say what it is one of.
_BARE = word_set("date at on time ts timestamp")
_HAPPENED = word_set("occurred happened")
_RECORDED = word_set("recorded metered measured sampled")
# Keys of nothing but these words say when something was.
_WHEN = (
    _HAPPENED
    | _RECORDED
    | word_set(
        "usage used hour day date timestamp time ts at from to until start end "
        "interval window range period month cycle"
    )
)
# Keys with one of these words do, too, unless they are about others or a bound of it, an amount,
# or how a time is written.
_TIMES = _MONTHS | word_set("time timestamp ts epoch week day date quarter cycle timeframe")
_NO_TIMES = word_set("start end started ended zone unit per total cost")
# What befalls a record, a bill or a thing, beside what it is charged for, in all that is made of
# these: `creat` is in `created_at`, in `creation_date` and in `creator`.
_STEMS = (
    "creat modif update delete deletion remov insert generate generation suspend resum paus cancel "
    "terminat expir renew activat deactivat provision launch boot install attach detach release "
    "commission decommission publish publication purchas registered registration "
    "subscrib onboard trial contract licen certificate warrant reserve reservation coupon "
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
# A bill's own time, but for its period, which is that of what it bills.
_INVOICED = "invoic[a-z]*(?! period)"
_OTHERS = re.compile(
    rf"\b(?:(?:{'|'.join(_STEMS.split())})[a-z]*|{'|'.join(_WORDS.split())}|{_DATED}|{_INVOICED})\b"
)
# What is done of a time when it has ended, as well as within it.
_RECORDING = _RECORDED | word_set("metering sample")
_CHANGES, _WHEN_LAST = word_set("updated modified changed"), word_set("last at on date time")
_BILLS = word_set("billing bill billed")
# What a key of use is of, and what of it the last word names.
_USES = word_set("usage used use service consumption consumed line item")
_NAMED_BY = {
    **dict.fromkeys(("date", "day", "on"), "day"),
    **dict.fromkeys(("hour", "time", "timestamp", "ts", "at"), "hour"),
    **{"month": "month", "week": "week"},
}
# What has a life, which other keys of a row may say the bounds of: `subscription_start`.
_LIVED = word_set(
    "subscription project product organization account instance server machine node vm host volume "
    "disk snapshot cluster image database domain resource lease term commitment membership user"
)
# A thing in an object of its own, which names_a_thing does not know.
_THINGS = word_set("subscription project product organization account machine node vm")
# The last word of a key under which a number may be a moment, by the seconds since 1970.
_COUNTED = word_set("at on ts time timestamp date epoch hour") | BOUNDS
# Such a bucket is a storage's by its name, and one of time by what its name reads as.
_MAY_BE_OF_TIME = word_set("bucket")
# Words by which people call a thing, or sort it.
_PEOPLES = word_set("label labels title description tags")
_OF_LIVES = frozenset(key for pair in times.BOUNDS_OF_LIVES for key in pair)

# What a key is of: a time of use, perhaps one, a record, a bill or a life, a thing, words. What is
# "said" of something may be of its use, too; a "date" is the key of what was then.
Kind = Literal["when", "event", "others", "name", "said", "words", "date"]
# Whether a moment begins something, ends it, or may do either.
Side = Literal["start", "end", "either"]


@frozen
class Meaning:
    """What a key means. ``bound`` is which one it names, if any, ``stem`` what it is one of.

    ``side`` is where a moment under it is of, ``may_be_number`` whether a number may be one.
    """

    kind: Kind
    bound: Literal["start", "end"] | None
    stem: tuple[str, ...]
    side: Side
    may_be_number: bool

    @property
    def is_plain(self) -> bool:
        """Whether it does not say what it is a time, or a bound, of."""
        return _BARE.issuperset(self.stem)

    @property
    def is_bare(self) -> bool:
        """Whether it names a bound and not what it is one of."""
        return self.bound is not None and self.is_plain

    def is_other_bound(self, other: Meaning) -> bool:
        """Return whether another key names the other bound of the same."""
        return {self.bound, other.bound} == {"start", "end"} and self.stem == other.stem


@lru_cache(maxsize=4096)  # of each key of each row
def meaning_of(key: str) -> Meaning:
    """Return what a key means."""
    key = _OUTER_DAYS.get(key, key)
    spelled, kind, bound = words(key), _kind(key), _bound(key)
    stem = tuple(word for word in spelled if word not in BOUNDS)
    is_counted = not _COUNTED.isdisjoint(spelled[-1:])
    return Meaning(kind, bound, stem, _side(key, kind, bound), is_counted)


def _kind(key: str) -> Kind:
    spelled = words(key)
    if times.is_whole(key):
        return "date"
    if describes(key):
        return "said" if _PEOPLES.isdisjoint(spelled[-1:]) else "words"
    if re.sub("_on$", "_at", key) in _OF_LIVES:
        return "others"
    if names_time(key):
        return "when"
    if not _MAY_BE_OF_TIME.isdisjoint(spelled[-1:]):
        return "event"
    if names_a_thing(key) or not _THINGS.isdisjoint(spelled[-1:]):
        return "name"
    is_others = is_about_others(key) or not _LIVED.isdisjoint(spelled)
    return "others" if is_others else "event"


def _bound(key: str) -> Literal["start", "end"] | None:
    which = [word for word in words(key) if word in BOUNDS]
    if len(which) != 1:
        return None
    return "start" if which[0] in _STARTS else "end"


def _side(key: str, kind: Kind, bound: Literal["start", "end"] | None) -> Side:
    """Return where a moment under a key is of; when something was billed may be as it ended."""
    if bound == "end":
        return bound
    is_billed = kind == "when" and not (dates_service(key) or names_span(key))
    is_event = kind == "event" and bound is None
    return "either" if is_event or is_billed or names_event(key) else "start"


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
    is_of_use = (_WHEN | _USES | _RECORDING).issuperset(spelled)
    return is_of_use and names_time(key) and BOUNDS.isdisjoint(spelled)


@lru_cache(maxsize=4096)
def names_event(key: str) -> bool:
    """Return whether a key says when something happened or was measured, maybe as it ended."""
    return not (_HAPPENED | _RECORDING).isdisjoint(words(key))


@lru_cache(maxsize=4096)
def names_recording(key: str) -> bool:
    """Return whether a key says when something was measured, which may be when it had ended."""
    return not _RECORDING.isdisjoint(words(key))


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
    return names_time(key) and not SPANS.isdisjoint(spelled) and BOUNDS.isdisjoint(spelled)


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
    return names_span(key) and not _MONTHS.isdisjoint(words(key))
