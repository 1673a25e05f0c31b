"""`attest trust`: writes a party's trust file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from attest.cli.common import demand_of, instance_option, session
from attest.services import evidence


@click.command()
@click.argument("reference", metavar="DEMAND")
@click.option(
    "--for",
    "party",
    required=True,
    metavar="PARTY",
    help="Whose file: `controller` (the lead), `contractor`, or an organisation's name.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it; without this option, to standard output.",
)
@instance_option
def trust(reference: str, party: str, output: Path | None, instance: Path) -> None:
    """Write the trust file that PARTY keeps for DEMAND.

    It names the log and its key, pins the party's own keys and those it compared over the
    telephone, and repeats the checkpoints that reached it by letter. A verifier takes what
    it trusts from this file and never from a bundle: compare it with the letters once, then
    keep it where nobody else can write.
    """
    with session(instance) as ctx:
        demand = demand_of(ctx, reference)
        organisation_id, side = evidence.party_of(demand, party)
        data = evidence.trust_for(ctx, demand, organisation_id, side)
    if output is None:
        sys.stdout.write(data.decode("utf-8") + "\n")
    else:
        output.write_bytes(data)
        click.echo(f"Wrote {output}.")
