"""The table of outcomes is the format's."""

from __future__ import annotations

from attest.domain.outcomes import (
    ALL_LEVELS,
    LEVELS,
    METHODS,
    OFFERED,
    OUTCOMES,
    SAFEGUARDS,
    asked_by,
    is_settled,
    methods_of,
)


def test_the_nine_outcomes_in_order() -> None:
    assert list(OUTCOMES) == [
        "none_found",
        "deleted",
        "destroyed",
        "crypto_erased",
        "returned",
        "beyond_use",
        "legal_hold",
        "cannot_locate",
        "passed_on",
    ]
    assert [name for name in OUTCOMES if is_settled(name)] == list(OUTCOMES)[:5]
    assert list(OFFERED) == list(OUTCOMES)


def test_each_method_goes_with_one_outcome() -> None:
    by_outcome: dict[str, set[str]] = {}
    for method in METHODS.values():
        assert len(method.outcomes) == 1
        by_outcome.setdefault(method.outcomes[0], set()).add(method.name)
    assert by_outcome == {
        "deleted": {"file_deletion", "overwrite", "retention_expiry"},
        "destroyed": {
            "block_erase",
            "secure_erase",
            "degauss",
            "shred",
            "incinerate",
            "pulverise",
            "disintegrate",
        },
        "crypto_erased": {"key_destruction"},
    }
    assert {name for name, method in METHODS.items() if method.needs_level} == {
        "shred",
        "disintegrate",
    }


def test_levels_and_safeguards() -> None:
    assert list(LEVELS) == list("PFOTHE")
    assert LEVELS["P"][0] == "P-1"
    assert len(ALL_LEVELS) == 42
    assert {"P-4", "H-4", "E-7"} <= ALL_LEVELS
    assert list(SAFEGUARDS) == ["no_decisions", "no_sharing", "secured", "will_delete"]


def test_every_method_says_where_its_rule_stands() -> None:
    for method in METHODS.values():
        assert any(name in method.source for name in ("NIST SP 800-88r2", "ISO/IEC 21964"))
    # Only what a standard's levels measure asks for one.
    assert {method.name for method in METHODS.values() if "21964" in method.source} == {
        name for name, method in METHODS.items() if method.needs_level
    }
    assert "IEEE 2883" in METHODS["secure_erase"].source


def test_who_asks_for_a_member() -> None:
    assert asked_by("method") == ("deleted", "destroyed", "crypto_erased")
    assert asked_by("witnessedBy") == ("destroyed",)
    assert asked_by("note") == tuple(OUTCOMES)
    assert asked_by("storeId") == ()
    assert [method.name for method in methods_of("crypto_erased")] == ["key_destruction"]
    assert methods_of("returned") == ()
