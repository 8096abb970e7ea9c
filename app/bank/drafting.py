"""A new item to start from: its id and the letters of its key are drawn by chance."""

import random
from collections.abc import Collection
from dataclasses import dataclass

from app.bank.content import OPTION_IDS, ItemContent, OptionContent, Reference

# Crockford's base 32: no i, l, o, u, which are misread or spell words.
ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 8

_ASKED = {1: "", 2: " (Select TWO.)", 3: " (Select THREE.)"}


@dataclass(frozen=True, kw_only=True)
class DraftWish:
    """What the author knows before writing."""

    skills: tuple[str, ...]
    service: str
    constraint: str
    # How many options there are, and how many of them are right.
    options: int = 4
    keys: int = 1
    # The day of writing, as the file holds it.
    day: str


def draw_id(used: Collection[str], chance: random.Random) -> str:
    """Return an item id that no file has."""
    while True:
        item_id = "q-" + "".join(chance.choices(ID_ALPHABET, k=ID_LENGTH))
        if item_id not in used:
            return item_id


def draft_item(wish: DraftWish, *, used: Collection[str], chance: random.Random) -> ItemContent:
    """Return a draft whose texts say what belongs in their place."""
    letters = OPTION_IDS[: wish.options]
    key = chance.sample(letters, wish.keys)
    return ItemContent(
        id=draw_id(used, chance),
        status="draft",
        kind="single" if wish.keys == 1 else "multiple",
        outline=wish.skills,
        services=(wish.service,),
        angoff=70,
        constraint=wish.constraint,
        decides="the words that decide",
        verified=wish.day,
        stem="Say who has which system, one sentence per line.\n"
        "Say what is needed or what goes wrong, and the words that decide.\n\n"
        f"Which change meets the need?{_ASKED[wish.keys]}",
        options=tuple(_draft_option(letter, correct=letter in key) for letter in letters),
        explanation="State the rule behind the key.\nSay where it ends.",
        references=(Reference(title="Title of the page", url="https://docs.aws.amazon.com/"),),
        authors=("editorial",),
    )


def _draft_option(letter: str, *, correct: bool) -> OptionContent:
    claim = "what meets the need" if correct else "a real feature used slightly wrongly"
    reason = "why this meets it" if correct else "which words of the stem rule this out"
    return OptionContent(
        id=letter,
        correct=correct,
        text=f"Describe {claim}, as option {letter}.",
        rationale=f"Say {reason}.",
    )
