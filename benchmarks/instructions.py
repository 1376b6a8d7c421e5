"""Instructions per line under callgrind, which no busy machine disturbs, against their budgets.

``python -m benchmarks.instructions`` runs itself under valgrind: once, because loading takes far
longer there than reading. Each reading is counted in children of that process, which read once and
three times; what differs is two readings.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable

from benchmarks import bodies, usage_bodies
from billfold import Period
from billfold.wire import decode
from billfold_aether import daily_spend
from billfold_aether import parse as aether
from billfold_aether import usage as hourly
from billfold_aether import wire as aether_wire
from billfold_bnerd import month
from billfold_bnerd.usage import decode_usage
from billfold_harmont import parse as harmont
from billfold_harmont import usage as leases
from billfold_harmont import wire as harmont_wire
from billfold_harmont.totals import Doubts
from billfold_latitude import parse as latitude
from billfold_latitude import wire as latitude_wire
from billfold_latitude.usage import usage as cycle_usage

LINES = 200
# Of CPython 3.11 on x86-64, and a tenth more; other versions take a little less.
BUDGETS = {
    "ledger": 20_000,
    "cycle": 108_000,
    "leases": 93_000,
    "hours": 111_000,
    "rows": 950_000,
}
_COLLECTED = re.compile(r"==(\d+)== Collected : (\d+)")
_VALGRIND = ("--tool=callgrind", "--callgrind-out-file=/dev/null")
_REPEATS = (1, 3)


def works() -> dict[str, Callable[[], object]]:
    """Return what is counted: a reading of so many lines each."""
    page = bodies.ledger_page(0, 1, LINES)
    cycle, breakdown = bodies.latitude_usage("proj_0", LINES), usage_bodies.breakdown(LINES)
    project = decode(bodies.latitude_project("proj_0"), latitude_wire.ProjectReply).data
    payer, october = latitude.payer(project), Period.month(2026, 10)

    def read_cycle() -> object:
        bill = latitude.billing(project, decode(cycle, latitude_wire.Usage))
        return cycle_usage(project, payer, "USD", None, bill)

    def read_leases() -> object:
        builds = harmont.builds(decode(breakdown, harmont_wire.Breakdown))
        charges = leases.charges_of("acme", {}, october, "", builds.rows)
        doubts = Doubts(october)
        doubts.add(builds.rows)
        return leases.usage("acme", None, october, doubts.across, charges, None)

    def read_ledger() -> object:
        return harmont.ledger_entries("acme", decode(page, harmont_wire.Transactions).data, None)

    hours, org = usage_bodies.hours("acme", LINES), aether_wire.Organization("acme")
    spend = daily_spend.spend(decode(usage_bodies.daily_spend(), aether_wire.DailySpend))

    def read_hours() -> object:
        bill = decode(hours, aether_wire.Usage)
        aether.check_rows(org, bill.items or (), "items")
        return hourly.usage(org, None, bill, aether.records(bill), spend)

    rows = usage_bodies.usage_rows("acme", LINES)

    def read_rows() -> object:
        return month.usage("acme", october, october, decode_usage(rows))

    return {
        "ledger": read_ledger,
        "cycle": read_cycle,
        "leases": read_leases,
        "hours": read_hours,
        "rows": read_rows,
    }


def count() -> None:
    """Read in children, and print whose process is which."""
    for name, work in works().items():
        for _ in range(2):
            work()  # what is cached once is no line's
        gc.collect()
        gc.freeze()  # a pass over all that was loaded is no line's either
        for times in _REPEATS:
            child = os.fork()
            if not child:
                for _ in range(times):
                    work()
                os._exit(0)
            os.waitpid(child, 0)
            print(name, times, child, flush=True)


def main() -> int:
    """Count under valgrind, and compare with the budgets."""
    if shutil.which("valgrind") is None:
        print("this needs valgrind: apt-get install valgrind", file=sys.stderr)
        return 2
    command = ["valgrind", *_VALGRIND, sys.executable, "-m", "benchmarks.instructions", "count"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    collected = {pid: int(number) for pid, number in _COLLECTED.findall(done.stderr)}
    read = {
        (name, int(times)): collected[pid]
        for name, times, pid in map(str.split, done.stdout.splitlines())
    }
    over = False
    for name, budget in BUDGETS.items():
        few, many = (read[name, times] for times in _REPEATS)
        each = (many - few) // ((_REPEATS[1] - _REPEATS[0]) * LINES)
        over = over or each > budget
        print(f"{name}: {each:,} instructions a line, budget {budget:,}")
    return int(over)


if __name__ == "__main__":
    if sys.argv[1:] == ["count"]:
        count()
    else:
        sys.exit(main())
