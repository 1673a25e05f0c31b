"""`attest demo`: the reference case to click through, or acted out without a browser."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click
import structlog

from attest.cli.common import now
from attest.demo.act_out import act_out
from attest.demo.processes import free_port_or_sentence, run_until_stopped
from attest.demo.stage_set import describe, open_or_set, reset
from attest.domain.wording import DEMAND_STATES

DEMO = Path("instance") / "demo"


@click.command()
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="The web page's port.")
@click.option("--reset", "start_over", is_flag=True, help="Forget what the demo has written.")
@click.option(
    "--act-out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Act the whole case out into a fresh instance in DIR, without a browser.",
)
@click.option(
    "--case",
    "which",
    type=click.Choice(["reference", "second"]),
    help="With --act-out: which case.  [default: reference]",
)
@click.option("--files", type=click.IntRange(1, 100_000), help="With --act-out: made-up files.")
@click.option("--stores", type=click.IntRange(1, 1_000), help="With --act-out: made-up stores.")
def demo(
    port: int,
    start_over: bool,
    folder: Path | None,
    which: str | None,
    files: int | None,
    stores: int | None,
) -> None:
    """Try Attest out with a made-up case.

    Without options: three forces demand that a bidder deletes five files. The demand lies
    with the contractor, whose assurance officer has no key yet: you make it. Starts the web
    server and the worker; letters show on a page. Ctrl-C ends both, and the next start goes
    on where you were. Everything lies in instance/demo.

    With --act-out DIR: the whole case, from the notice to the closure, by the same services
    and with real keys, with a line for each event. Writes DIR/bundle.zip, DIR/trust.json,
    DIR/certificate.pdf and the regulator's DIR/pack.zip, and the letters to DIR/mail. With
    --files and --stores: a made-up case of that size.

    With --case second: two controllers that must both concur, copies passed on to a
    sub-processor and from there to another, a file never received, and a legal hold that is
    extended, then released. Each further demand's files begin with its reference.
    """
    # Each letter would be a line: the play has its own.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if folder is not None:
        if which is not None and (files is not None or stores is not None):
            raise click.UsageError("--files and --stores make up a case: leave --case out.")
        _act_out(folder, which == "second", files, stores)
        return
    if which is not None:
        raise click.UsageError("--case goes with --act-out.")
    if files is not None or stores is not None:
        raise click.UsageError("--files and --stores go with --act-out.")
    if start_over:
        try:
            reset(DEMO)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        click.echo("The demo is forgotten. `make demo` starts a new one.")
        return
    if sentence := free_port_or_sentence(port):
        click.echo(sentence, err=True)
        sys.exit(2)
    address = f"http://localhost:{port}"
    try:
        fresh = open_or_set(DEMO, address, now(), say=click.echo)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    sys.exit(
        run_until_stopped(
            DEMO, address, port, ready=lambda: click.echo(describe(address, fresh=fresh))
        )
    )


def _act_out(folder: Path, second: bool, files: int | None, stores: int | None) -> None:
    for done in act_out(folder, second=second, files=files, stores=stores, say=click.echo):
        state = DEMAND_STATES[done.state]
        click.echo(f"{done.reference} is {state}. To verify it:")
        click.echo(f"  attest verify {done.bundle} --trust {done.trust}")
