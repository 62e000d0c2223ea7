"""An example: what every form of language data says, in its own keys."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEM, USER, ASSISTANT = "system", "user", "assistant"


class CannotConvertError(Exception):
    """A record cannot be converted; the text says why, in a few words that are the same for records alike."""


@dataclass(frozen=True)
class Message:
    """A message of a dialog."""

    role: str
    content: str

    @property
    def document(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return {"role": self.role, "content": self.content}


@dataclass(frozen=True)
class Example:
    """One record.

    Attributes:
        prompt: the messages up to what the model should say.
        answer: what it should say; None where the record does not say.
        rejected: what it should not say; None where the record does not say.
        data_source, ability: where it comes from and what it exercises, as reinforcement learning has them.
        context: further input of an instruction.
    """

    prompt: tuple[Message, ...]
    answer: str | None = None
    rejected: str | None = None
    data_source: str = ""
    ability: str = ""
    context: str = ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return prompt and answer as a dialog; the context follows the last message of the user.

        Raises:
            CannotConvertError: there is no answer.
        """
        return (*self.prompt_with_context, Message(ASSISTANT, self.needed_answer))

    @property
    def prompt_with_context(self) -> tuple[Message, ...]:
        """Return the prompt; the context follows the last message of the user."""
        if not self.context:
            return self.prompt
        last = self.prompt[-1]
        return (*self.prompt[:-1], Message(last.role, f"{last.content}\n\n{self.context}"))

    @property
    def needed_answer(self) -> str:
        """Return the answer.

        Raises:
            CannotConvertError: there is none.
        """
        if self.answer is None:
            raise CannotConvertError("no answer")
        return self.answer

    def single_turn(self) -> tuple[str, str]:
        """Return the system's text and the user's, of a prompt that has one message of the user.

        Raises:
            CannotConvertError: it has several turns.
        """
        system = "".join(message.content for message in self.prompt if message.role == SYSTEM)
        rest = [message for message in self.prompt_with_context if message.role != SYSTEM]
        if [message.role for message in rest] != [USER]:
            raise CannotConvertError("several turns")
        return system, rest[0].content
