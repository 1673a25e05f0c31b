"""`attest trust`: writes a party's trust file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import click
from cryptography.hazmat.primitives.serialization import Encoding

from attest.bundle.trust import encode_trust, parse_trust
from attest.cli.common import demand_of, instance_option, session
from attest.domain.refusal import Refused
from attest.services.exports import evidence
from attest.timestamps.answers import read_roots
from attest.timestamps.failure import BadRoots


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
@click.option(
    "--tsa-root",
    "tsa_roots",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Root certificates of a time-stamping authority, in PEM, against which the verifier "
    "checks timestamps. May be given several times.",
)
@instance_option
def trust(
    reference: str, party: str, output: Path | None, tsa_roots: tuple[Path, ...], instance: Path
) -> None:
    """Write the trust file that PARTY keeps for DEMAND.

    It names the log and its key, pins the party's own keys and those it compared over the
    telephone, and repeats the checkpoints that reached it by letter. A verifier takes what
    it trusts from this file and never from a bundle: compare it with the letters once, then
    keep it where nobody else can write.

    Which time-stamping authorities to trust is your choice and not the server's: get a root
    from the authority itself, and add it with --tsa-root.
    """
    with session(instance) as ctx:
        demand = demand_of(ctx, reference)
        organisation_id, side = evidence.party_of(demand, party)
        data = _with_roots(evidence.trust_for(ctx, demand, organisation_id, side), tsa_roots)
    if output is None:
        sys.stdout.write(data.decode("utf-8") + "\n")
    else:
        output.write_bytes(data)
        click.echo(f"Wrote {output}.")


def _with_roots(data: bytes, files: Iterable[Path]) -> bytes:
    """The trust file with these roots in it, each once. Raises Refused."""
    said = parse_trust(data)
    roots = dict.fromkeys(said.tsa_roots)
    for file in files:
        roots |= dict.fromkeys(_roots(file))
    return encode_trust(replace(said, tsa_roots=tuple(roots)))


def _roots(file: Path) -> Iterator[str]:
    """The certificates of a PEM file, whatever stands around them, as a trust file has them."""
    try:
        roots = read_roots(file)
    except BadRoots as error:
        raise Refused(str(error)) from None
    for certificate in roots.certificates:
        yield certificate.public_bytes(Encoding.PEM).decode("ascii")
