"""The demand that never was, of which the samples are, and its people."""

from dataclasses import replace
from datetime import date

from attest.domain.extensions import asked_words
from attest.mail import letters

HOME = "https://attest.example.org"
LAST_DAY = date(2013, 2, 18)

ABOUT = letters.About(
    reference="ND-2013-004",
    controller="Northshire Constabulary",
    contractor="Halden Support Services plc",
    link=f"{HOME}/demands/ND-2013-004",
    due_on=LAST_DAY,
    today=date(2013, 2, 14),
)
LATE = replace(ABOUT, today=date(2013, 2, 21))
OTHER = replace(ABOUT, reference="ND-2013-006", link=f"{HOME}/demands/ND-2013-006")

MARSH = letters.Writer("Helen Marsh", "Senior Information Risk Owner", "Northshire Constabulary")
BECK = letters.Writer("Tom Beck", "Head of Bids", "Halden Support Services plc")
ADEYEMI = letters.Writer("Ruth Adeyemi", "Assurance Lead", "Halden Support Services plc")
ISSUER = letters.Issuer(
    signatory=MARSH,
    signatory_fingerprint="k5zq 2m4t aaaa bbbb cccc dddd eeee ffff",
    log_key_fingerprint="7rqe w3lk gggg hhhh iiii jjjj kkkk llll",
)

FILES = [
    "HR restructure costings v7 FINAL.xlsx",
    "establishment-list-2012-12.csv",
    "payroll-deductions-q3.csv",
    "shift-patterns – custody & control room.csv",
    "sickness-absence-2011-2012.csv",
]

# What the contractor asks for: two more working days, for everything.
ASKED = asked_words(date(2013, 2, 20), LAST_DAY, 2, 0, 9)
