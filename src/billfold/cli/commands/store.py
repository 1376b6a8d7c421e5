"""``billfold store``."""

import typer

from billfold.cli import options

app = typer.Typer(name="store", help="Find, check or compact the store.", no_args_is_help=True)


@app.command("path")
def show_path(ctx: typer.Context) -> None:
    """Show where the store is: a folder or a URL. It need not be there yet."""
    from billfold.cli.history import chosen_store
    from billfold.cli.output.terminal import write_stdout

    write_stdout(chosen_store(ctx.obj)[0] + "\n")


@app.command("check")
def check(ctx: typer.Context, output_format: options.FormatOption = options.TABLE) -> None:
    """Check that the store is consistent (needs the extra store).

    No record is counted twice, every sync is complete, every usage adds up to
    its stated total, and no record belongs to two accounts. Exits with 0 if so,
    3 if not.
    """
    from billfold.cli.clock import now
    from billfold.cli.history import open_book, require_store_extra
    from billfold.cli.output.store_check import write_report
    from billfold.cli.run import COMPLETE, PARTIAL
    from billfold.store.check import check

    require_store_extra()
    book = open_book(ctx.obj)
    report = check(book, now())
    write_report(book.url, report, output_format)
    raise typer.Exit(PARTIAL if report.faults else COMPLETE)


@app.command("compact")
def compact(ctx: typer.Context, output_format: options.FormatOption = options.TABLE) -> None:
    """Merge the store's small files, and delete files merged a week ago (needs the extra store).

    No answer changes, at any --as-of. Others may read and sync meanwhile.
    """
    from billfold.cli.history import open_book, require_store_extra
    from billfold.cli.output.store_check import write_compacted
    from billfold.store.compact import compact

    require_store_extra()
    book = open_book(ctx.obj)
    write_compacted(book.url, compact(book), output_format)
