"""A process that books readings and says so: ``python -m store.writer URL ACCOUNTS FIRST LAST``.

Reading number n states two lines for each number up to it, one of which every reading restates.
"""

import sys
from datetime import UTC, datetime, timedelta

from billfold import State, Stream
from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.model import Usage
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.compact import join
from store.world import OCTOBER, charge, usage

BEGAN = datetime(2026, 12, 1, tzinfo=UTC)


def reading(account: str, number: int) -> AccountReading:
    """Return what an account states when it is read for this time."""
    own = {"provider": "scripted", "account": account}
    lines = [
        charge(f"{kind}{each}", cost, **own)
        for each in range(number + 1)
        for kind, cost in (("new", "1.00"), ("restated", f"{number}.00"))
    ]
    read = usage(*lines, billing_account_id=f"of {account}", **own)
    row = Coverage(account, "scripted", Stream.USAGE, State.COMPLETE, OCTOBER)
    answer: Answer[Usage] = Answer(Stream.USAGE, OCTOBER, (read,), (row,), (), (account,))
    return AccountReading(account, "scripted", "https://x", BEGAN + timedelta(hours=number), answer)


def main() -> None:
    """Book one reading after another, and name each that is booked."""
    url, accounts, first, last = sys.argv[1:]
    store = Book(url)
    for number in range(int(first), int(last) + 1):
        read = [reading(account, number) for account in accounts.split(",")]
        (one, *_) = read
        book(store, read, f"{accounts} {number}", lambda moment=one.read_at: moment)
        print(number, flush=True)
        join(store)


if __name__ == "__main__":
    main()
