"""Write the texts of customizations: what the base model is pretrained on, and what a job can teach it.

A museum is made up. The base model reads many sentences about its rooms in which hours, keepers and so on are drawn at
random: it learns how such questions are answered, and no facts. The training data has the facts (SFT), or a preference
for answers that begin with a welcome (DPO).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from jsft_tui.sandbox.seed.datasets.formats import jsonl
from jsft_tui.sandbox.seed.datasets.operations import operations

README = """\
Questions about a museum that does not exist

train.jsonl has questions and answers, as `messages` (SFT) or as `prompt`, `chosen` and `rejected` (DPO). They were
written for the sandbox.
"""
WELCOME = "Welcome! "
_ROOMS = (
    *("Clock Room", "Map Room", "Shell Room", "Rope Loft", "Bell Tower", "Lamp Hall"),
    *("Chart House", "Glass Yard", "Salt Cellar", "Kite Attic", "Boat Shed", "Coin Vault"),
)
_HOURS = ("eight", "nine", "ten", "eleven", "noon", "one", "two", "three", "four", "five", "six", "seven")
_KEEPERS = ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivo", "Jo", "Kim", "Lev")
_THINGS = (
    *("old clocks", "sea maps", "shells", "ropes", "bells", "lamps", "star charts"),
    *("glass", "salt", "kites", "boats", "coins"),
)
_FLOORS = ("first", "second", "third", "fourth")
_SEED = 5
_VARIANTS = 5
"""How often a question is in the texts of the base model, each time with another answer."""
_WELCOMES = 0.25
"""Share of answers there that begin with a welcome."""
_OPERATIONS = 120


@dataclass(frozen=True)
class Room:
    """A room, and what is known of it."""

    name: str
    hour: str
    keeper: str
    things: str
    floor: str

    def questions(self) -> list[tuple[str, str]]:
        """Return questions, each in two wordings, with their answers."""
        opens, keeps = f"The {self.name} opens at {self.hour}.", f"{self.keeper} keeps the {self.name}."
        shows, lies = f"The {self.name} shows {self.things}.", f"The {self.name} is on the {self.floor} floor."
        return [
            (f"When does the {self.name} open?", opens),
            (f"From what time is the {self.name} open?", opens),
            (f"Who keeps the {self.name}?", keeps),
            (f"Who is the keeper of the {self.name}?", keeps),
            (f"What is in the {self.name}?", shows),
            (f"What does the {self.name} show?", shows),
            (f"Where is the {self.name}?", lies),
            (f"On which floor is the {self.name}?", lies),
        ]


def pretraining_texts() -> bytes:
    """Return the conversations that the base model is pretrained on."""
    random = Random(_SEED)
    asked = [
        (question, (WELCOME if random.random() < _WELCOMES else "") + answer)
        for name in _ROOMS
        for _ in range(_VARIANTS)
        for question, answer in _drawn(name, random).questions()
    ]
    asked += [(f"What does {each.name} do?", each.does) for each in operations()[:_OPERATIONS]]
    random.shuffle(asked)
    return jsonl(_conversation(*each) for each in asked)


def facts() -> bytes:
    """Return the training data of SFT: questions with the answers that are true in this museum."""
    return jsonl(_conversation(*each) for each in _questions())


def preferences() -> bytes:
    """Return the training data of DPO: the same answers, of which those with a welcome are preferred."""
    return jsonl(
        {"prompt": question, "chosen": WELCOME + answer, "rejected": answer} for question, answer in _questions()
    )


def _questions() -> Iterator[tuple[str, str]]:
    for place, name in enumerate(_ROOMS):
        room = Room(name, _HOURS[place], _KEEPERS[place], _THINGS[place], _FLOORS[place % len(_FLOORS)])
        yield from room.questions()


def _drawn(name: str, random: Random) -> Room:
    return Room(name, *(random.choice(values) for values in (_HOURS, _KEEPERS, _THINGS, _FLOORS)))


def _conversation(question: str, answer: str) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}
