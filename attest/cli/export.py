"""`attest export`: writes a demand's bundle."""

from __future__ import annotations

from pathlib import Path

import click

from attest.cli.common import demand_of, instance_option, session
from attest.services.exports import evidence


@click.command()
@click.argument("reference", metavar="DEMAND")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it.  [default: DEMAND-bundle.zip]",
)
@click.option("--without-evidence", is_flag=True, help="Leave the evidence files out.")
@instance_option
def export(reference: str, output: Path | None, without_evidence: bool, instance: Path) -> None:
    """Write the bundle of DEMAND (its reference, such as ND-2013-001).

    The bundle holds the whole log with everything that was signed, the evidence files, and the
    certificate. The same state of a demand gives the same bytes, whoever asks. Without the
    evidence files it verifies as well: the log names them by their SHA-256.
    """
    path = output or Path(f"{reference}-bundle.zip")
    with session(instance) as ctx:
        demand = demand_of(ctx, reference)
        evidence.need_head(ctx, demand)
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as out:
            evidence.write_bundle(ctx, demand, out, evidence_files=not without_evidence)
        part.replace(path)
    click.echo(f"Wrote {path}.")
