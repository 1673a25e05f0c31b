"""Renewals of a bundle that is kept as a file, checked by us and by tools that are not ours."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from attest.timestamps import answers
from attest.timestamps.answers import read_roots
from attest.timestamps.renewal import RenewalFailed, check_renewals, renew, text_path, token_path
from tests import tsa_server
from tests.tsa import tsa


@pytest.fixture
def kept(tmp_path):
    """A file that is kept in a folder of its own; what is in it doesn't matter here."""
    folder = tmp_path / "archive"
    folder.mkdir()
    path = folder / "ND-2013-001-bundle.zip"
    path.write_bytes(b"the bundle" * 1000)
    return path


@pytest.fixture
def roots(tmp_path):
    path = tmp_path / "roots.pem"
    path.write_text(tsa().root_pem + tsa("ecdsa", owner="A later TSA").root_pem)
    return read_roots(path)


@pytest.fixture
def renewed(kept, roots):
    """Renewed twice: first by one authority, later by another."""
    for made in (tsa(), tsa("ecdsa", owner="A later TSA")):
        with tsa_server.authority(made=made) as running:
            renew(kept, running.url, roots, 20)
    return kept


def test_each_renewal_covers_the_bundle_and_all_before_it(renewed, roots):
    first, second = check_renewals(renewed, roots)
    assert (first.number, second.number) == (1, 2)
    assert (first.token.tsa, second.token.tsa) == ("Example TSA rsa", "A later TSA ecdsa")
    assert [first.late, second.late] == [False, False]
    name = renewed.name
    covered = [name, f"{name}.renewal-1.txt", f"{name}.renewal-1.tsr"]
    lines = text_path(renewed, 2).read_text().splitlines()
    assert [line.split(" = ")[0] for line in lines] == [
        f"{kind} ({path})" for kind in ("SHA256", "SHA512") for path in covered
    ]
    assert text_path(renewed, 1).read_text().splitlines()[0].startswith(f"SHA256 ({name}) = ")
    assert sorted(path.name for path in renewed.parent.iterdir()) == sorted(
        [*covered, f"{name}.renewal-2.txt", f"{name}.renewal-2.tsr"]
    )


def test_standard_tools_check_the_whole_chain(renewed, tmp_path):
    """The commands of docs/operating.md."""
    roots = tmp_path / "roots.pem"
    for number in (1, 2):
        text, token = text_path(renewed, number).name, token_path(renewed, number).name
        for command in (
            ["sha256sum", "-c", text],
            ["sha512sum", "-c", text],
            ["openssl", "ts", "-verify", "-in", token, "-data", text, "-CAfile", str(roots)],
        ):
            done = subprocess.run(command, cwd=renewed.parent, capture_output=True, check=False)
            assert done.returncode == 0, (command, done.stderr)
    assert b"Verification: OK" in done.stdout + done.stderr


def test_standard_tools_refuse_another_bundle(renewed):
    renewed.write_bytes(b"another bundle")
    done = subprocess.run(
        ["sha256sum", "-c", text_path(renewed, 1).name],
        cwd=renewed.parent,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1


def test_renewals_by_standard_tools_are_as_good(kept, roots):
    """Without Attest and without a network on the archive's computer: the same files."""
    for number in (1, 2):
        text, token = text_path(kept, number).name, token_path(kept, number).name
        earlier = (text_path(kept, 1).name, token_path(kept, 1).name) if number == 2 else ()
        covered = " ".join([kept.name, *earlier])
        script = f"""
            sha256sum --tag {covered} > {text}
            sha512sum --tag {covered} >> {text}
            openssl ts -query -data {text} -sha512 -cert -out query.tsq
        """
        subprocess.run(["sh", "-e", "-c", script], cwd=kept.parent, check=True)
        query = (kept.parent / "query.tsq").read_bytes()
        (kept.parent / token).write_bytes(tsa().answer(query))
    first, second = check_renewals(kept, roots)
    assert first.token.tsa == second.token.tsa == "Example TSA rsa"


def test_openssl_can_be_told_the_time_of_an_ended_certificate(renewed, tmp_path):
    """`-attime`, as docs/operating.md says."""
    text, token = text_path(renewed, 1).name, token_path(renewed, 1).name
    command = ["openssl", "ts", "-verify", "-in", token, "-data", text]
    command += ["-CAfile", str(tmp_path / "roots.pem"), "-attime"]

    def at(moment):
        seconds = str(int(moment.timestamp()))
        done = subprocess.run(
            [*command, seconds], cwd=renewed.parent, capture_output=True, check=False
        )
        return done.returncode == 0

    assert at(datetime(2040, 1, 1, tzinfo=UTC))
    assert not at(datetime(2060, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("which", range(5))
def test_a_change_of_any_file_is_found(renewed, roots, which):
    path = sorted(renewed.parent.iterdir())[which]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(RenewalFailed):
        check_renewals(renewed, roots)


@pytest.mark.parametrize("which", range(1, 5))
def test_a_missing_file_is_found(renewed, roots, which):
    path = sorted(renewed.parent.iterdir())[which]
    path.unlink()
    with pytest.raises(RenewalFailed, match="is missing"):
        check_renewals(renewed, roots)


def test_another_bundle_is_named(renewed, roots):
    renewed.write_bytes(b"another bundle")
    with pytest.raises(RenewalFailed, match=r"bundle\.zip is not what it was then"):
        check_renewals(renewed, roots)


def test_what_was_renewed_wrongly_is_not_renewed_again(renewed, roots):
    renewed.write_bytes(b"another bundle")
    with tsa_server.authority() as running:
        with pytest.raises(RenewalFailed, match="is not what it was then"):
            renew(renewed, running.url, roots, 20)
        assert running.asked == []
    assert not text_path(renewed, 3).exists()


def test_lines_of_another_order_are_refused_even_with_a_good_timestamp(kept, roots):
    """One text for one state: nothing can be slipped in beside the hashes."""
    with tsa_server.authority() as running:
        renew(kept, running.url, roots, 20)
    text = text_path(kept, 1)
    said = text.read_bytes() + b"# and the contractor agreed to everything\n"
    text.write_bytes(said)
    query = tsa_query(said, kept.parent)
    token_path(kept, 1).write_bytes(tsa().answer(query))
    with pytest.raises(RenewalFailed, match="is not what a renewal writes"):
        check_renewals(kept, roots)


def test_a_root_that_the_reader_does_not_trust(renewed, tmp_path):
    path = tmp_path / "one.pem"
    path.write_text(tsa().root_pem)
    with pytest.raises(RenewalFailed, match=r"renewal-2\.tsr does not hold.*root certificates"):
        check_renewals(renewed, read_roots(path))


@pytest.mark.parametrize(
    "behaviour", [tsa_server.broken, tsa_server.garbage, tsa_server.another_root]
)
def test_an_authority_that_fails_leaves_a_renewal_that_can_be_finished(kept, roots, behaviour):
    with tsa_server.authority(behaviour) as running:
        with pytest.raises(RenewalFailed, match="run the same again later"):
            renew(kept, running.url, roots, 20)
        assert not token_path(kept, 1).exists()
        with pytest.raises(RenewalFailed, match="was not finished"):
            check_renewals(kept, roots)
        running.answer = tsa_server.well
        assert renew(kept, running.url, roots, 20).number == 1
    assert len(check_renewals(kept, roots)) == 1


def test_the_chain_travels_under_its_own_names(renewed, roots, tmp_path):
    """Renamed files are another chain: the hashes name them."""
    moved = tmp_path / "elsewhere"
    shutil.copytree(renewed.parent, moved)
    assert len(check_renewals(moved / renewed.name, roots)) == 2
    for path in list(moved.iterdir()):
        path.rename(path.with_name(path.name.replace("ND-2013-001", "other")))
    with pytest.raises(RenewalFailed, match="does not fit"):
        check_renewals(moved / "other-bundle.zip", roots)


def test_a_renewal_after_the_end_is_told_apart_and_one_before_its_own_past_refused(
    renewed, roots, monkeypatch
):
    shift = timedelta(0)

    def dated(answer, data, *more):
        token = answers.check(answer, data, *more)
        if token.tsa.startswith("A later"):
            return replace(token, gen_time=token.gen_time + shift)
        return token

    monkeypatch.setattr("attest.timestamps.renewal.check", dated)
    shift = timedelta(days=365 * 30)
    assert [one.late for one in check_renewals(renewed, roots)] == [False, True]
    shift = timedelta(days=-1)
    with pytest.raises(RenewalFailed, match="dated before"):
        check_renewals(renewed, roots)


@pytest.mark.parametrize("name", ["a\nb.zip", "a\\b.zip", "\u202ea.zip"])
def test_names_that_other_tools_would_escape_are_refused(tmp_path, roots, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(RenewalFailed, match="printable"):
        check_renewals(tmp_path / name, roots)


def tsa_query(data, folder):
    (folder / "data").write_bytes(data)
    subprocess.run(
        ["openssl", "ts", "-query", "-data", "data", "-sha512", "-cert", "-out", "query"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return (folder / "query").read_bytes()
