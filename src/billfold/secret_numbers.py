"""Numbers of people's accounts and cards, and client secrets, masked in texts. Pure and linear."""

from __future__ import annotations

import re
from collections.abc import Mapping

MASK = "***"
_CLIENT_SECRET = re.compile(r"\b[a-z]+_[A-Za-z0-9]+_secret_\w+")
# Account numbers as people group them. In capitals, anything of the shape may be one with a slip of
# the pen; in other writing it is one if its check digits say so.
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_ANY_IBAN = re.compile(
    r"\b(?=([A-Za-z]{2}[0-9]{2}(?:[A-Za-z0-9]{11,30}"
    r"|(?:[ \u00a0-][A-Za-z0-9]{4}){2,7}(?:[ \u00a0-][A-Za-z0-9]{1,3})?))\b)"
)
# A UUID may begin as a card's number is grouped, and charges are told apart by theirs.
_DIGITS = re.compile(
    r"(?<!\w)(?:(?P<uuid>[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})"
    r"|[0-9]{2,}(?:[ \u00a0-][0-9]{2,})*)(?!\w)"
)
_GROUP = re.compile("[0-9]+")
# How long an IBAN is in each country (ISO 13616); hex digits of an id may begin like one, too.
_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "AO CV GW LY MZ PT ST",
        26: "DZ IR IS TR",
        27: "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD",
        28: "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
# An id of 32 hex digits in capitals, as long as no IBAN whose country is written in such digits.
_HEX_ID = re.compile("[0-9A-F]{32}")
# What each of them has somewhere.
_maybe = re.compile(
    r"_secret_|[0-9](?:[ \u00a0-]?[0-9]){12}|[A-Za-z]{2}[0-9]{2}(?:[ \u00a0-]?[A-Za-z0-9]){11}"
).search
_CARD_DIGITS = range(13, 20)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_MOST_GROUPS = 9
_LARGEST_GROUP = 6  # of a card's number that is written in groups


def redact(text: str) -> str:
    """Mask what a provider's sentence may repeat of a request.

    IBANs, client secrets, numbers of cards.
    """
    return _IBAN.sub(_masked_in_capitals, redact_sure(text))


def redact_sure(text: str) -> str:
    """Mask what cannot well be anything else, in texts by which charges are told apart.

    IBANs and numbers of cards with right check digits, client secrets.
    """
    if "_secret_" in text:
        text = _CLIENT_SECRET.sub(MASK, text)
    return _DIGITS.sub(_masked_cards, _without_ibans(text))


def redact_tags(tags: Mapping[str, str]) -> Mapping[str, str]:
    """Return tags with what surely is a secret masked, in keys and values; most often the same."""
    if not tags or _maybe(f"{tags}") is None:  # one look at all of them, as every charge has some
        return tags
    return {redact_sure(key): redact_sure(value) for key, value in tags.items()}


def mask_iban(iban: str | None) -> str | None:
    """Keep the country and the last four characters of an IBAN; masking twice changes nothing."""
    if iban is None:
        return None
    compact = "".join(iban.split())
    return f"{compact[:2]}{MASK}{compact[-4:]}" if len(compact) > 8 else MASK


def last_four(digits: str | None) -> str | None:
    """Return at most the last four characters of a card's number.

    Fewer digits are those of a number, which has no zeros in front: they are put back.
    """
    last = None if digits is None else digits.strip()[-4:]
    return last.zfill(4) if last is not None and last.isdecimal() else last


def _without_ibans(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _ANY_IBAN.finditer(text):
        length = _length_of_iban(match[1]) if match.start() >= end else 0
        if length:
            pieces += (text[end : match.start()], _masked(match[1][:length]))
            end = match.start() + length
    return "".join((*pieces, text[end:])) if end else text


def _masked_in_capitals(iban: re.Match[str]) -> str:
    return iban[0] if _HEX_ID.fullmatch(iban[0]) else mask_iban(iban[0]) or MASK


def _masked(iban: str) -> str:
    return mask_iban(iban.replace("-", "").upper()) or MASK


def _length_of_iban(text: str) -> int:
    """Return how much of a text is an IBAN, by its length and check digits; or 0.

    Those are by ISO 7064, mod 97-10. Words may follow it.
    """
    length = _LENGTHS.get(text[:2].upper())
    if length is None:
        return 0
    head = int("".join(str(int(char, 36)) for char in text[:4]))
    rest, digits = 0, 4
    for at, char in enumerate(text[4:], 5):
        if char.isalnum():
            digits += 1
            value = int(char, 36)
            rest = (rest * (10 if value < 10 else 100) + value) % 97
        if digits == length:
            ends = at == len(text) or not text[at].isalnum()
            return at if ends and (rest * 1_000_000 + head) % 97 == 1 else 0
    return 0


def _masked_cards(match: re.Match[str]) -> str:
    """Return digits with every card's number among their groups masked."""
    text = match[0]
    if match["uuid"] or len(text) < _CARD_DIGITS[0]:
        return text
    groups = [*_GROUP.finditer(text)]
    pieces, end, first = [], 0, 0
    while first < len(groups):
        last = _end_of_card([each[0] for each in groups[first : first + _MOST_GROUPS]])
        if last:
            pieces += [text[end : groups[first].start()], MASK]
            end = groups[first + last - 1].end()
        first += last or 1
    return "".join((*pieces, text[end:]))


def _end_of_card(groups: list[str]) -> int:
    """Return how many groups of digits are a card's number, by its check digit (Luhn); or 0."""
    digits = plain = doubled = 0  # the sums of what ends in a digit that counts once, and twice
    for count, group in enumerate(groups, 1):
        digits += len(group)
        if digits > _CARD_DIGITS[-1] or (count > 1 and len(group) > _LARGEST_GROUP):
            return 0
        for digit in map(int, group):
            plain, doubled = doubled + digit, plain + _DOUBLED[digit]
        if digits in _CARD_DIGITS and plain % 10 == 0:
            return count
    return 0
