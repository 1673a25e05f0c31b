"""`attest extract`: takes what proves one file's attestation out of a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from attest.bundle.extract import BundleLog, CannotExtract, write_extract


@click.command()
@click.argument(
    "bundle", metavar="BUNDLE", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--file", "wanted", required=True, metavar="FILE", help="The file's identifier or exact name."
)
@click.option(
    "-o",
    "--out",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it.  [default: BUNDLE-file-NUMBER.zip]",
)
def extract(bundle: Path, wanted: str, out: Path | None) -> None:
    """Take what proves FILE's attestation out of BUNDLE, for somebody who must not see the rest.

    The extract holds what was signed about that one file, each piece with a proof that the log
    has it, and no other file's name or content. `attest verify` takes it, never says VERIFIED
    of it, and lists what nobody can know from it. It needs no instance and no network.
    """
    # The file's number is known once the log was read, and the name with it.
    part = (out or bundle).with_name(f"{(out or bundle).name}.part")
    try:
        with bundle.open("rb") as file, part.open("wb") as target:
            choice = write_extract(target, BundleLog(file), wanted)
        path = out or bundle.with_name(f"{bundle.stem}-file-{choice.file.number + 1}.zip")
        part.replace(path)
    except CannotExtract as error:
        raise click.ClickException(str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"Wrote {path}.")
    if choice.state == "open":
        click.echo(
            "In the bundle this file is open: it was reopened, or a store was named, after its "
            "last attestation. The extract may not show that."
        )
