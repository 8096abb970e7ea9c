"""What must hold for the bank as a whole, and what surface solvers may find."""

from dataclasses import replace
from fractions import Fraction

from app.bank.balance import balance_faults, near_duplicates
from app.bank.content import ItemContent
from app.bank.solvers import solver_scores
from tests.factories.bank import STEM, an_item, an_option, exams

CODE = "\n\n```json\n{}\n```\n\n"
FILLER = "It has run for two years.\n"


def balanced(count: int = 40) -> list[ItemContent]:
    """Return items whose letters, lengths and code are in balance."""
    stem = STEM.replace("\n\n", "\n" + FILLER + CODE, 1)
    return [an_item(number, key="abcd"[number % 4], stem=stem) for number in range(count)]


def faults(items: list[ItemContent]) -> list[str]:
    return list(balance_faults(items, exams()))


def test_a_balanced_bank_has_no_faults() -> None:
    assert faults(balanced()) == []


def test_few_items_are_not_judged() -> None:
    assert faults([an_item(number) for number in range(39)]) == []


def test_a_letter_that_is_right_too_often_is_found() -> None:
    items = [an_item(n, key="b") if n % 8 == 0 else item for n, item in enumerate(balanced())]

    assert any("Option b is right in 38%" in fault for fault in faults(items))


def test_a_key_that_is_too_often_the_longest_is_found() -> None:
    items = [
        replace(item, options=tuple(_longer(option) for option in item.options))
        for item in balanced()
    ]

    assert any('solver "longest" gets 100.0%' in fault for fault in faults(items))


def test_the_means_of_the_bank_are_judged() -> None:
    items = [replace(item, angoff=90, stem="Word. " * 30 + "?") for item in balanced()]

    found = " ".join(faults(items))

    assert "mean Angoff rating is 90.0" in found
    assert "0% of the items show code" in found
    assert "Stems have 31.0 words" in found


def test_domains_and_tasks_are_judged_once_there_are_enough_items() -> None:
    found = faults(balanced(130))

    assert any("domain 1 has 100.0% of the items, its weight is 60%" in fault for fault in found)
    assert any("task 2.1 has 0.0%" in fault for fault in found)


def test_almost_the_same_stem_is_found() -> None:
    items = [
        an_item(1),
        an_item(2, stem=STEM.replace("toll operator", "bridge operator")),
        an_item(3, stem="Quite another system of a museum shows an error.\n\nWhat is the cause?"),
    ]

    assert [(a.id, b.id) for a, b in near_duplicates(items)] == [("q-00000002", "q-00000001")]


def test_options_that_tie_share_the_point() -> None:
    options = tuple(an_option(n, text="Alike in length.", correct=n == 0) for n in range(4))

    scores = {score.name: score for score in solver_scores([an_item(options=options)])}

    assert scores["longest"].share == Fraction(1, 4)
    assert scores["first letter"].share == 1
    assert scores["longest"].chance == Fraction(1, 4)


def test_solvers_look_at_single_items_alone() -> None:
    assert {score.items for score in solver_scores([an_item(1), an_item(2, key="ab")])} == {1}
    assert {score.items for score in solver_scores([])} == {0}


def _longer(option):
    return replace(option, text=option.text + " And much more of it.") if option.correct else option
