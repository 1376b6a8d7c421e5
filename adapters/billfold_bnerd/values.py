"""Values of undocumented shape: numbers, texts, answers of yes and no, and amounts. Pure."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NoReturn, cast

from msgspec import DecodeError, Raw, Struct

from billfold.money import Money, exact, exponent, plain
from billfold.wire import DriftError, Steps, counted, everything

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# An object of JSON.
Node = Mapping[str, object]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_NO_FRACTION = re.compile(r"\.0+$")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_OWNERS = frozenset({"organization", "organizationid", "organizationuuid", "org", "orgid"})
# Currencies whose smallest unit the library that the platform visibly uses has otherwise than
# ISO 4217 (section 1.5).
_DISPUTED = frozenset({"HUF", "MGA", "MRU"})


@lru_cache(maxsize=4096)
def words(key: str) -> tuple[str, ...]:
    """Return the words of a key: ``unitPrice`` is ``unit`` and ``price``."""
    return tuple([word.lower() for word in _WORD.findall(key)])


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text, which a formatter leaves on few lines."""
    return frozenset(words.split())


def unfit(problem: str, path: str) -> DriftError:
    """Return the error for a problem at a path; neither may quote the reply."""
    return DriftError(f"the reply does not fit its contract: {problem} - at `{path}`")


def key_names(node: Node) -> str:
    """Return an object's keys, and nothing else of it, for an error."""
    return ", ".join(repr(key[:40]) for key in sorted(node)[:20]) or "none"


def load_json(body: bytes) -> object:
    """Return decoded JSON of unknown shape; every number becomes a Decimal of its own text."""
    # The one place without msgspec, whose untyped decoder reads numbers as floats.
    try:
        value: object = json.loads(
            body.decode(), parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant
        )
        if b"\\u" in body:
            # An escape may name half a surrogate pair, which no file takes later.
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, InvalidOperation, RecursionError):
        raise DriftError("the reply is not readable JSON") from None
    return value


def loading_json(body: bytes) -> Steps[object]:
    """Return what :func:`load_json` does; pauses after each part of a large body."""
    try:
        value, _ = yield from everything(body, decode=lambda part: (load_json(part), True))
    except DecodeError:
        raise DriftError("the reply is not readable JSON") from None
    return cast("object", value)


def node_of(raw: Raw) -> Node:
    """Return what JSON says of an object, nothing for what is none."""
    value = load_json(bytes(raw))
    return value if isinstance(value, dict) else {}


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def number(value: object) -> Decimal | None:
    """Return a number or numeric text exactly; None for the rest and for what no amount holds.

    Text counts where it is written as JSON writes numbers, so "1_0" and other scripts' digits are
    none.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    try:
        return exact(value) if isinstance(value, Decimal) else None
    except ValueError:
        return None


def text(value: object) -> str | None:
    """Return text, or an id that came as a number, however long; None for the rest and for "".

    1.0 is the number 1.
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, Decimal):
        return str(value) if number(value) is None else _NO_FRACTION.sub("", plain(value))
    return None


def ident(value: object) -> str | None:
    """Return the id, number or name by which something is named; None for what names nothing.

    Zeros and dashes alone do not: 0, as some write null, or a UUID of zeros, as Go does.
    """
    named = text(value)
    return named if named and named.strip("0-") else None


def organization(node: Node) -> object:
    """Return whose an object is, or its project: ``organization_id`` or a near spelling."""
    near = (node[key] for key in _owners_among(tuple(node)))
    ids = (ident(value.get("id") if isinstance(value, dict) else value) for value in near)
    uuid = next((named for named in ids if named and UUID.fullmatch(named)), None)
    stated, project = node.get("organization_id") or uuid, node.get("project")
    return organization(project) if not stated and isinstance(project, Mapping) else stated


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _owners_among(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if "".join(words(key)) in _OWNERS)


def yes_or_no(value: object) -> bool | None:
    """Return a yes or no, also where it is text or a number; None for the rest."""
    word = (text(value) or "").strip().lower()
    return (
        value
        if isinstance(value, bool)
        else True
        if word in _YES
        else False
        if word in _NO
        else None
    )


class Amount(Struct, frozen=True):
    """Money, or the reason why there is none."""

    money: Money | None = None
    reason: str | None = None


NOT_STATED = Amount(reason="the provider states no amount")
_OTHER_SCALE = Amount(reason="the cents stated have another scale than their currency has")
# Words of keys under which an object says how many decimals its amounts have, as rows may, too.
_DECIMALS = word_set("precision exponent decimals places digits subunit subunits")
# Under these one of Money does, while a row has other things of a scale or a factor.
_SCALES = _DECIMALS | word_set("scale exp factor divisor denominator multiplier power")


def amount(value: object) -> Amount:
    """Return what ``{"cents", "currency_iso"}`` states (CONTRACT.md, sections 1.5 and 3.3)."""
    if isinstance(value, dict):
        stated = scaled(value.get("cents"), value.get("currency_iso"))
        is_plain = len(value) == 2 or stated.money is None
        return stated if is_plain else in_its_scale(stated, value, _SCALES)
    if value is None:
        return NOT_STATED
    return Amount(reason="the amount stated has neither scale nor currency")


def in_its_scale(stated: Amount, node: Node, scales: frozenset[str] = _DECIMALS) -> Amount:
    """Return an amount, unless an object says of it another scale than it was read by.

    That is under any key with one of the words: by how many decimals it has, by how many of it make
    a whole, or which part of one it is. There, too, it may only stand once more.
    """
    if stated.money is None:
        return stated
    money, places = stated.money, exponent(stated.money.currency)
    known = {places, -places, 10**places, Decimal(1).scaleb(-places), money.amount}
    counts = (number(node[key]) for key in node if not scales.isdisjoint(words(key)))
    others = [count for count in counts if count is not None and count not in known]
    again = all(scaled(count, money.currency).money == money for count in others)
    return stated if again else _OTHER_SCALE


def scaled(cents: object, currency: object) -> Amount:
    """Return a count of the smallest unit as Money: 1000 is 10.00 EUR, 1000 JPY, 1.000 KWD.

    The currency's code may be in lower case.
    """
    count = number(cents)
    if count is None:
        return Amount(reason="the cents stated are no number that can be kept exactly")
    if not isinstance(currency, str):
        return Amount(reason="the amount stated has no currency")
    code = currency[:40].strip()
    try:
        return Amount(Money.minor(count, code.upper() if code.isascii() else code))
    except ValueError as error:
        return Amount(reason=f"the amount stated has no known scale: {error}")


def whole_cents(value: object, currency: object) -> Amount:
    """Return whole cents beside a currency, or Money, as EasyBill's documents state them.

    Digits after a point, zeros too, would mean another scale.
    """
    count = number(value)
    if count is None and not isinstance(value, Decimal):
        return amount(value)
    if count is not None and count.as_tuple().exponent != 0:
        return Amount(reason="the amount stated is not in whole cents, so its scale is not known")
    return scaled(value, currency)


def scale_notes(amounts: Iterable[Money | None]) -> tuple[str, ...]:
    """Return a note for each currency whose smallest unit is disputed (section 1.5)."""
    counts = Counter(money.currency for money in amounts if money is not None)
    return tuple(
        f"{counted(counts[code], 'amount')} in {code}: scaled by "
        f"ISO 4217's {exponent(code)} decimals, where other software may count whole units"
        for code in sorted(counts.keys() & _DISPUTED)
    )


def negated(money: Money | None) -> Money | None:
    """Return as much the other way; nothing of what is not known."""
    return None if money is None else -money
