"""The ways into jsft: their order, and what is said of each."""

from __future__ import annotations

import pytest

from jsft_tui.core.account.ways_in import GROUPS, FoundWays, SsoSignIn, WayIn, note_of, order_of_ways

HOUR = 3600.0


def test_the_sandbox_is_first_and_without_a_region_choosing_one_is_next() -> None:
    assert order_of_ways("")[:3] == (WayIn.SANDBOX, WayIn.SSO, WayIn.PROFILE)
    assert order_of_ways("NoRegion")[:3] == (WayIn.SANDBOX, WayIn.PROFILE, WayIn.SSO)
    for why in ("", "NoRegion", "NoCredentials"):
        assert set(order_of_ways(why)) == set(WayIn) == {way for _, ways in GROUPS for way in ways}


@pytest.mark.parametrize(
    ("way", "found", "note"),
    [
        (WayIn.SANDBOX, FoundWays(True), "ready, a model in 20 s"),
        (WayIn.SANDBOX, FoundWays(False), "not installed"),
        (WayIn.PROFILE, FoundWays(True, ("a", "b")), "2 profiles in ~/.aws"),
        (WayIn.PROFILE, FoundWays(True, ("a",), why="NoRegion"), "no region is set"),
        (WayIn.SSO, FoundWays(True), "not set up yet"),
        (WayIn.SSO, FoundWays(True, sso=(SsoSignIn("team"),)), "team, signed out"),
        (WayIn.SSO, FoundWays(True, sso=(SsoSignIn("team", 0.0),), now=3.5 * HOUR), "team, expired 3 h ago"),
        (WayIn.SSO, FoundWays(True, sso=(SsoSignIn("team", 0.0),), now=90.0), "team, expired 1 min ago"),
        (WayIn.SSO, FoundWays(True, sso=(SsoSignIn("team", 0.0),), now=80 * HOUR), "team, expired 3 days ago"),
        (WayIn.SSO, FoundWays(True, sso=(SsoSignIn("team", HOUR),), now=0.0), "team, signed in"),
        (WayIn.ROLE, FoundWays(True, why="NoCredentials"), "none found"),
    ],
)
def test_what_is_known_of_a_way_is_said_in_a_few_words(way: WayIn, found: FoundWays, note: str) -> None:
    assert note_of(way, found) == note
    assert len(note) <= 28  # the cells that the list has for it
