"""The facts for the authority as a paper: nothing lost, whatever was typed."""

from datetime import UTC, datetime

from attest.documents.incident_paper import DemandLine, IncidentData, make_incident
from tests.documents.papers import words

AS_OF = datetime(2013, 2, 11, 11, 0, tzinfo=UTC)


def data(**more):
    return IncidentData(
        **{
            "reference": "ND-2013-I01",
            "organisation": "Northshire Constabulary",
            "title": "Five files",
            "clock": "Reported after 70 hours 35 minutes.",
            "parts": [("About the breach", [("What happened", "They went."), ("When", "")])],
            "reports": [],
            "containment": "28 of 35 copies settled.",
            "demands": [],
            "timeline": [("1 February 2013, 09:40", "Noticed", "")],
            "as_of_words": "11 February 2013, 11:00",
            "as_of": AS_OF,
            **more,
        }
    )


def test_what_is_not_recorded_says_so():
    text = words(make_incident(data()))
    for said in (
        "Personal data breach ND-2013-I01",
        "Reported after 70 hours 35 minutes.",
        "28 of 35 copies settled.",
        "What happened They went.",
        "When Not recorded",
        "No report is recorded.",
        "No demand was raised.",
    ):
        assert said in text, said


def test_long_and_hostile_texts_are_all_there():
    hostile = '#set page(width: 1pt) $x$ \\ "quoted" [U] <b>' + "word " * 4000 + "end."
    demands = [
        DemandLine(f"ND-2013-{n:03d}", "C" * 200, "issued", "due", "5 copies: 5 open")
        for n in range(60)
    ]
    text = words(
        make_incident(
            data(
                parts=[("About the breach", [("What happened", hostile)])],
                reports=[("4 February 2013", [("What was reported", hostile)])],
                demands=demands,
            )
        )
    )
    assert "#set page(width: 1pt) $x$" in text
    assert text.count("end.") == 2
    assert "ND-2013-059" in text


def test_the_same_data_give_the_same_bytes():
    assert make_incident(data()) == make_incident(data())
