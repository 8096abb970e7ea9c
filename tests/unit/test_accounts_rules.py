"""The pure rules of accounts: guessing pauses, arrivals, permissions, names of browsers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.devices import describe
from app.accounts.roles import LABELS, Role, permissions_of
from app.accounts.throttle import (
    ADDRESS_GUESSES,
    MinuteGate,
    address_key,
    next_guess_for_account,
    next_guess_for_address,
    seconds_to_next_minute,
)

NOON = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def ago(*minutes: float) -> list[datetime]:
    return [NOON - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [
        ([], None),
        (ago(1, 1, 1, 1), None),
        (ago(0, 0, 0, 0, 0), 12),
        (ago(5, 5, 5, 5, 5), 7),
        (ago(12, 12, 12, 12, 12), None),
        (ago(12, 24, 36, 59, 59), None),
        (ago(1, 12, 24, 36, 59), 1),
        (ago(61, 61, 61, 61, 61), None),
    ],
)
def test_an_account_may_be_guessed_at_again_after(
    failures: list[datetime], minutes: float | None
) -> None:
    again_at = next_guess_for_account(failures, now=NOON)

    assert again_at == (None if minutes is None else NOON + timedelta(minutes=minutes))


@given(st.lists(st.integers(min_value=1, max_value=1_800), min_size=1, max_size=60))
def test_no_hour_ever_holds_more_than_ten_verified_guesses(gaps: list[int]) -> None:
    verified: list[datetime] = []
    now = NOON
    for gap in gaps:
        now += timedelta(seconds=gap)
        if next_guess_for_account(verified, now=now) is None:
            verified.append(now)

    hour = timedelta(hours=1)
    assert all(sum(at - hour < each <= at for each in verified) <= 10 for at in verified)


@given(st.lists(st.integers(min_value=0, max_value=3_600), max_size=10))
def test_who_knows_the_password_waits_at_most_fifteen_minutes(offsets: list[int]) -> None:
    verified: list[datetime] = []
    for offset in sorted(offsets):
        at = NOON + timedelta(seconds=offset)
        if next_guess_for_account(verified, now=at) is None:
            verified.append(at)
    now = NOON + timedelta(hours=1)

    again_at = next_guess_for_account(verified, now=now)

    assert again_at is None or again_at - now <= timedelta(minutes=15)


def test_an_address_has_fifty_guesses_in_a_quarter_of_an_hour() -> None:
    failures = ago(*[10] * ADDRESS_GUESSES)

    assert next_guess_for_address(failures[1:], now=NOON) is None
    assert next_guess_for_address(failures, now=NOON) == NOON + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix socket", "unix socket"),
    ],
)
def test_what_counts_as_one_address(address: str, key: str) -> None:
    assert address_key(address) == key


def test_the_gate_counts_each_address_anew_every_minute() -> None:
    gate = MinuteGate(2)

    assert [gate.admits("192.0.2.7", now=NOON) for _ in range(3)] == [True, True, False]
    assert gate.admits("192.0.2.8", now=NOON)
    assert gate.admits("192.0.2.7", now=NOON + timedelta(minutes=1))


def test_the_gate_says_when_it_counts_anew() -> None:
    assert seconds_to_next_minute(NOON + timedelta(seconds=45)) == 15
    assert seconds_to_next_minute(NOON) == 60


@pytest.mark.parametrize(
    ("role", "is_author", "is_reviewer", "expected"),
    [
        (Role.CANDIDATE, True, True, set()),
        (Role.INSTRUCTOR, False, False, set()),
        (Role.INSTRUCTOR, True, False, {"write_items"}),
        (Role.INSTRUCTOR, True, True, {"write_items", "review_items"}),
        (Role.ADMINISTRATOR, False, False, {"manage_people", "write_items", "review_items"}),
    ],
)
def test_what_a_role_permits(
    role: Role, is_author: bool, is_reviewer: bool, expected: set[str]
) -> None:
    assert permissions_of(role, is_author=is_author, is_reviewer=is_reviewer) == expected


def test_every_role_has_a_label() -> None:
    assert set(LABELS) == set(Role)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU OS 19_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_as_its_owner_would(user_agent: str, words: str) -> None:
    assert describe(user_agent) == words
