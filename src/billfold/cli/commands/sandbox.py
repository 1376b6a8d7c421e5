"""``billfold sandbox``."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from billfold.cli.global_options import GlobalOptions
from billfold.cli.options import whole_number


def sandbox(
    ctx: typer.Context,
    port: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="Serve on the ports N, N+1, ...; 0 takes free ones.",
            parser=whole_number(0, 65535),
        ),
    ] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=VALUE][:/PATH][:TIMES]",
            help="Make requests fail, for example status=503:/balance:2 (repeatable).",
        ),
    ] = None,
) -> None:
    """Serve the simulated providers, and print a billfold.toml for them, until Ctrl-C.

    In one terminal: billfold sandbox > billfold.toml

    In another one, in the same folder: billfold usage

    The tokens are in files that are removed at the end. --fault help lists what
    can go wrong. A simulated ECB is served, too (needs the extra fx): what it
    says are no real rates, so they are kept apart from yours.
    """
    from tempfile import TemporaryDirectory

    from billfold.cli.output.terminal import write_stdout
    from billfold.cli.run import run_to_end
    from billfold.simulators.faults.names import listed

    if fault == ["help"]:
        write_stdout(f"{listed()}\n")
        return
    with suppress(KeyboardInterrupt), TemporaryDirectory(prefix="billfold-sandbox-") as folder:
        run_to_end(_serve(ctx.obj, port, fault or (), Path(folder)))


async def _serve(options: GlobalOptions, port: int, faults: Sequence[str], folder: Path) -> None:
    """Serve until Ctrl-C or SIGTERM; the tokens' files go to a folder."""
    import asyncio

    from billfold.cli.clock import now
    from billfold.cli.output.terminal import print_stderr, write_stdout
    from billfold.cli.run import stop_by_signals
    from billfold.costs.ecb_cache import VARIABLE
    from billfold.simulators.ecb import serving_ecb
    from billfold.simulators.faults import named
    from billfold.simulators.sandbox import configuration, running

    stop = asyncio.Event()
    stop_by_signals(stop.set)
    async with (
        running(now(), port=port, providers=options.providers) as served,
        serving_ecb(now()) as ecb,
    ):
        for simulator in served:
            simulator.simulation.faults += map(named, faults)
        write_stdout(configuration(served, folder))
        count = len(served)
        print_stderr(f"billfold: {count} simulated providers are ready; Ctrl-C stops them")
        if ecb is not None:
            command = f"{VARIABLE}={folder} billfold rates update --base-url {ecb}"
            print_stderr(f"billfold: simulated exchange rates: {command}")
        await stop.wait()
