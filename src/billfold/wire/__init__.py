"""Bytes to typed shapes: exact numbers, and the path of whatever does not fit. Pure.

Also what a reply has beyond its shape: money that is not read, and pages that are announced.
"""

from billfold.counted import counted, listed
from billfold.steps import (
    LOOKED_AT,
    Steps,
    at_once,
    in_slices,
    letting_go,
    slices,
    stepwise,
    taken,
)
from billfold.wire.announced import announced_pages, in_body, is_empty_list
from billfold.wire.announcement import Announcement
from billfold.wire.cosmetic import Cosmetic
from billfold.wire.decoding import (
    DriftError,
    Problem,
    Time,
    decode,
    decode_or_none,
    fingerprint,
    fingerprints,
    parse_at,
    parse_rows,
    parsing_rows,
)
from billfold.wire.error_words import sentence_in, words_alone, words_in
from billfold.wire.fault_words import says_what_failed
from billfold.wire.ids import in_one_case, is_uuid, one_case
from billfold.wire.in_steps import everything
from billfold.wire.lacking_words import says_lacking
from billfold.wire.pieces import dropping
from billfold.wire.stated_knowledge import names_end_of_knowledge
from billfold.wire.unread import Unread, unread
from billfold.wire.unready import (
    failed_alone,
    failed_around,
    is_about_a_reply,
    may_say_failed,
    says_lacking_parts,
    says_not_ready,
)
from billfold.wire.void_words import holds_marks
from billfold.wire.words import (
    GERMAN_SUMS,
    Says,
    counts_parts,
    is_amount,
    is_money_key,
    is_stated,
    is_time,
    says,
)
from billfold.wire.zero_times import is_zero_time

__all__ = [
    "Announcement",
    "Cosmetic",
    "DriftError",
    "GERMAN_SUMS",
    "LOOKED_AT",
    "Problem",
    "Says",
    "Steps",
    "Time",
    "Unread",
    "announced_pages",
    "at_once",
    "counted",
    "counts_parts",
    "decode",
    "decode_or_none",
    "dropping",
    "everything",
    "failed_alone",
    "failed_around",
    "is_about_a_reply",
    "fingerprint",
    "fingerprints",
    "holds_marks",
    "in_body",
    "in_one_case",
    "in_slices",
    "is_amount",
    "is_empty_list",
    "is_money_key",
    "is_stated",
    "is_time",
    "is_uuid",
    "is_zero_time",
    "letting_go",
    "listed",
    "may_say_failed",
    "names_end_of_knowledge",
    "one_case",
    "parse_at",
    "parse_rows",
    "parsing_rows",
    "says",
    "says_lacking",
    "says_lacking_parts",
    "says_not_ready",
    "says_what_failed",
    "sentence_in",
    "slices",
    "stepwise",
    "taken",
    "unread",
    "words_alone",
    "words_in",
]
