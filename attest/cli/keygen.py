"""`attest keygen`: makes a signing key on this computer."""

from __future__ import annotations

import os
from pathlib import Path

import click

from attest.keyfiles import seal
from attest.signing import PrivateKey, b64, fingerprint

SHORTEST = 12


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def keygen(path: Path) -> None:
    """Make a signing key and keep it in FILE, locked by a passphrase.

    The same kind of file that the browser makes: choose it under Keys to enrol it, or give
    only the public key there and sign the enrolment with `attest sign`. Nobody can open the
    file without the passphrase, and a forgotten passphrase means another key. The
    fingerprint that is printed is what you read out over the telephone.
    """
    if path.exists():
        raise click.ClickException(f"{path} is there already. Choose another name.")
    passphrase = click.prompt(
        "Passphrase, at least 12 characters", hide_input=True, confirmation_prompt="Once more"
    )
    if len(passphrase) < SHORTEST:
        raise click.ClickException("The passphrase is too short: use at least 12 characters.")
    key = PrivateKey.generate()
    data = seal(key, passphrase)
    # O_EXCL: nothing that appeared meanwhile is written over.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    click.echo(f"Wrote {path}.")
    click.echo(f"Public key:  {b64(key.public_key)}")
    click.echo(f"Fingerprint: {fingerprint(key.keyid)}")
