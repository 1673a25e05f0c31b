"""The report in words, for people: calm, aligned, and no more than what was shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Any

from attest.bundle.report import VERIFIED, Report
from attest.domain.scalars import parse_date, parse_time
from attest.domain.wording import (
    CONFIRMATION_METHODS,
    EVENTS,
    FILE_STATES,
    capital,
    count,
    moment_utc,
    number,
    short_day,
)

Data = dict[str, Any]

_LABEL = 14  # columns before what a label is about
_WIDTH = 88  # columns of a sentence

_DEMAND_STATES = {
    "not_issued": "not issued",
    "issued": "issued, and not closed",
    "closed": "closed",
    "closed_with_exceptions": "closed with exceptions",
    "withdrawn": "withdrawn",
}
_TRUSTED = {
    "pinned": "pinned by your trust file",
    "confirmed": "confirmed by a pinned signatory's key",
    "no": "not trusted: neither pinned nor confirmed by a pinned signatory's key",
}


def lines(report: Report) -> Iterator[str]:
    """The report, line by line, without line ends."""
    head = report.head()
    yield from _verdict(head)
    if "failure" in head:
        return
    yield ""
    yield from _demand(head["demand"])
    yield ""
    yield "Signed: the files"
    some = False
    for file in report.files():
        yield from _file(file)
        some = True
    if not some:
        yield "  No file is named."
    yield ""
    yield "Signed: the keys"
    for key in head["keys"]:
        yield from _key(key)
    yield ""
    yield from _operators_word(head)
    yield ""
    if head.get("timestamps"):
        yield from _timestamps(head["timestamps"])
        yield ""
    yield from _extract(head["extract"]) if "extract" in head else _not_checked(head)


def _verdict(head: Data) -> Iterator[str]:
    names = ", ".join(reason["reason"] for reason in head.get("reasons", ()))
    yield f"{head['verdict']} {names}".rstrip()
    yield ""
    if "failure" in head:
        failure = head["failure"]
        yield _row("Step", failure["step"])
        if "leaf" in failure:
            yield _row("Leaf", failure["leaf"])
        yield _row("Reason", failure["reason"])
        yield _row("Log", head["origin"])
        yield ""
        yield "Nothing in this bundle should be relied on."
        return
    if head["verdict"] == VERIFIED:
        yield "Every step passed, and all of it stands on keys that you trust."
    for reason in head["reasons"]:
        yield from wrap(f"{capital(reason['reason'])}. {reason['sentence']}", _WIDTH)
        for key in reason["keys"]:
            yield f"  {_who(key)}"
            yield f"  {key['fingerprint']}"
    yield ""
    yield _row("Log", head["origin"])
    checkpoint = head["checkpoint"]
    leaves = "leaf" if checkpoint["size"] == 1 else "leaves"
    yield _row("Checkpoint", f"{number(checkpoint['size'])} {leaves}, signed by the log key")
    yield _row("", checkpoint["rootHash"])
    yield _row("Witnessed", f"by {count(head['received'], 'checkpoint')} that you received")


def _demand(demand: Data) -> Iterator[str]:
    yield _row("Demand", _DEMAND_STATES[demand["state"]])
    if "claimed" in demand:
        yield _row("", f"with untrusted keys: {_DEMAND_STATES[demand['claimed']]}")
    if "reference" not in demand:
        return
    if demand["state"] == "not_issued":
        yield _row("", "The rest of this part is by a key that you do not trust.")
    yield _row("Reference", demand["reference"])
    yield _row("Due", short_day(parse_date(demand["dueOn"])))
    for controller in demand["parties"]["controllers"]:
        yield _row("Controller", f"{controller['name']} ({controller['role']})")
    yield _row("Contractor", demand["parties"]["contractor"]["name"])
    yield from _said("Demanded", demand["statement"])
    if "closure" in demand:
        yield from _said("Closed", demand["closure"])


def _file(file: Data) -> Iterator[str]:
    yield ""
    yield f"  {_shown(file['name'])}"
    yield from _indented(_standing(file))
    if "claimed" in file:
        yield from _indented([_row("", "With untrusted keys it would stand like this:")])
        yield from _indented(_standing(file["claimed"]))


def _standing(standing: Data) -> Iterator[str]:
    yield _row("State", FILE_STATES[standing["state"]])
    if "attestation" in standing:
        attestation = standing["attestation"]
        yield from _said("Attested", attestation)
        if attestation["disclosed"]:
            yield _row("", "It says that copies left the parties named.")
        if "unseenReopening" in attestation:
            leaf = attestation["unseenReopening"]
            yield _row("", f"Its signer had not seen that the file was reopened, leaf {leaf}.")
    for review in standing.get("reviews", ()):
        yield from _said(capital(review["decision"]), review)


def _said(label: str, said: Data) -> Iterator[str]:
    yield _row(label, f"by {_who(said)}")
    yield _row("", f"stated on {_moment(said['statedAt'])}, leaf {said['leaf']}")
    yield _row("", f"key {said['fingerprint']}")
    if "tsa" in said.get("provedWith", ()):
        yield _row("", f"proved by a timestamp of {_moment(said['provedBy'])}")
        yield _row("", f"from {said['provedWith']['tsa']}")
    elif "provedBy" in said:
        yield _row("", f"proved by a checkpoint that you received on {_moment(said['provedBy'])}")
    else:
        yield _row("", "proved by nothing outside")
    yield from _flagged(said)


def _key(key: Data) -> Iterator[str]:
    yield ""
    yield f"  {_who(key)}"
    yield from _indented(_key_rows(key))


def _key_rows(key: Data) -> Iterator[str]:
    yield _row("Fingerprint", key["fingerprint"])
    yield _row("Trusted", _TRUSTED[key["trusted"]])
    if "rotatedFrom" in key:
        yield _row("Made from", f"the key {key['rotatedFrom'][:16]}…, which signed it too")
    for item in key["confirmed"]:
        void = ", void: its signer was revoked before" if item["void"] else ""
        method = CONFIRMATION_METHODS[item["method"]]
        yield _row("Confirmed", f"{method}, by the key {item['by'][:16]}…{void}")
        yield from _flagged(item)
    for item in key["revoked"]:
        yield _row("Revoked", f"at leaf {item['leaf']}: {item['reason']}")
        if "compromisedSince" in item:
            yield _row("", f"called compromised since {_moment(item['compromisedSince'])}")
    if "revokedByYou" in key:
        yield _row("Revoked", f"by your trust file, since {_moment(key['revokedByYou'])}")


def _flagged(said: Data) -> Iterator[str]:
    if "compromisedSince" in said:
        since = _moment(said["compromisedSince"])
        yield _row("", f"its key may have been in other hands since {since}")


def _operators_word(head: Data) -> Iterator[str]:
    yield "The operator's word: not signed by anybody, fixed in the log all the same"
    for kind, times in head["operatorsWord"].items():
        withheld = head["withheld"].get(kind, 0)
        erased = f", {withheld:,} of them withheld" if withheld else ""
        yield f"  {times:>9,}  {EVENTS[kind]}{erased}"
    yield "  Every leaf's time is the operator's clock, and alone it proves no punctuality."


def _extract(extract: Data) -> Iterator[str]:
    yield "Signed: the words of the attestation"
    for line in extract["declaration"].split("\n"):
        yield f"  {_shown(line)}"
    yield ""
    yield "What this extract shows"
    for sentence in extract["shows"]:
        yield from _item(sentence)
    if "supersedes" in extract:
        yield from _item("It supersedes the attestation with the hash")
        yield f"    {extract['supersedes']}, which is not here."
    yield ""
    yield "What it cannot show"
    for sentence in extract["cannotShow"]:
        yield from _item(sentence)
    if extract["notCompared"]:
        received = count(extract["notCompared"], "checkpoint")
        yield from _item(f"Whether {received} that you received are of the same log.")
    yield from _item("Whether the stores named are all that exist, and whether it is true.")


def _item(sentence: str) -> Iterator[str]:
    return iter(wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="    "))


def _timestamps(timestamps: Iterable[Data]) -> Iterator[str]:
    yield "Timestamps: each leads to a TSA root that you trust"
    for stamp in timestamps:
        leaves = "leaf" if stamp["size"] == 1 else f"{number(stamp['size'])} leaves"
        yield ""
        yield f"  The first {leaves}"
        yield from _indented(_timestamp_rows(stamp))


def _timestamp_rows(stamp: Data) -> Iterator[str]:
    # To the second, as the rest of the report is not: this is what the timestamp is about.
    accuracy = stamp.get("accuracySeconds")
    said = "without a stated accuracy"
    if accuracy is not None:
        said = f"accurate to {count(accuracy, 'second')}"
    yield _row("Stamped", f"{stamp['time']}, {said}")
    yield _row("Proved", f"there by {stamp['proves']}")
    yield _row("TSA", stamp["tsa"])
    yield _row("Signed with", stamp["signedWith"])
    yield _row("Certificates", f"end on {_moment(stamp['until'])}")


def _not_checked(head: Data) -> Iterator[str]:
    yield "Not checked"
    timestamps = head["notChecked"]["timestamps"]
    if timestamps:
        yield f"  {count(timestamps, 'timestamp')}: your trust file has no tsaRoots."
    elif not head["timestamps"]:
        yield "  Timestamps: there are none."
    if head["notChecked"]["certificate"]:
        yield "  certificate.pdf is a rendering for people. It is no evidence, and nobody has"
        yield "  compared it with what was signed."
    yield "  Whether the stores named are all that exist, and whether what was signed is true."


def _row(label: str, value: object) -> str:
    return f"{label:<{_LABEL}}{_shown(str(value))}"


def _indented(rows: Iterable[str]) -> Iterator[str]:
    return (f"    {row}" for row in rows)


def _who(said: Data) -> str:
    holder = said["holder"]
    return _shown(f"{holder['name']}, {holder['role']}, {holder['organisation']}")


def _moment(time: str) -> str:
    return moment_utc(parse_time(time))


def _shown(text: str) -> str:
    """Nothing that was typed may steer the terminal: what does not print is escaped."""
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in text
    )
