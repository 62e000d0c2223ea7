"""Run a customization job: read the data, get the base model, train, and write the model."""

from __future__ import annotations

from typing import Any

from jsft_tui.sandbox.trainers.common.checkpoint import Scores
from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.fit import Plan, fit
from jsft_tui.sandbox.trainers.common.metric_lines import recipe_lines, step_line
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.scores import Loss, Objective, Targets
from jsft_tui.sandbox.trainers.customization.base_model import HONEST, LanguageModel, base_model
from jsft_tui.sandbox.trainers.customization.lessons import LESSONS, Lesson
from jsft_tui.sandbox.trainers.customization.optimizer import SMALL_MODEL_FACTOR, Schedule, ScheduledAdam
from jsft_tui.sandbox.trainers.customization.progress import Length, write_progress
from jsft_tui.sandbox.trainers.customization.task import Task
from jsft_tui.sandbox.trainers.customization.trained import Trained
from jsft_tui.sandbox.trainers.customization.weights import continued, write_adapter, write_model
from jsft_tui.sandbox.trainers.language.generation import continue_text
from jsft_tui.sandbox.trainers.language.network.model import CausalModel
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections
from jsft_tui.sandbox.trainers.language.texts.templates import Dialogs

_VERSION = "customization 1"


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data, hyperparameters or the source model are invalid, or training diverged.
        Stopped: SIGTERM arrived before the first step.
    """
    task, settings = Task.read(container.base), container.settings
    start = base_model(container)
    if source := container.optional_channel("source_model"):
        log("Continuing from the customized model of the source model package.")
        start = continued(start, source)
    trained = Trained.adapter_of(start, settings) if task.has_adapter else Trained.weights_of(start)
    _Training(container, task, trained, LESSONS[task.technique](container, trained)).run()


class _Watched(Objective):
    """An objective that remembers the mean loss of the last step."""

    def __init__(self, objective: Objective) -> None:
        self._objective = objective
        self.last = 0.0

    def loss(self, outputs: FloatArray, targets: Targets) -> Loss:
        """See `Objective`."""
        loss = self._objective.loss(outputs, targets)
        self.last = loss.total / max(1, len(targets))
        return loss

    def scores(self, total: float, hits: float, count: int) -> dict[str, float]:
        """See `Objective`."""
        return self._objective.scores(total, hits, count)


class _Training:
    """The training of one job."""

    def __init__(self, container: Container, task: Task, trained: Trained, lesson: Lesson) -> None:
        settings = container.settings
        self._container = container
        self._task = task
        self._trained = trained
        self._lesson = lesson
        self._objective = _Watched(lesson.objective)
        self._batch = settings.integer("global_batch_size")
        self._length = Length.of(settings.integer("max_epochs"), lesson.learner.examples, self._batch)
        self._rate = settings.number("learning_rate")
        self._before = ""

    def run(self) -> None:
        """Train, and write the model."""
        self._log_summary()
        self._before = _answer(self._trained.start, self._lesson.question)
        log(f"Before training, {_asked(self._lesson.question)!r} is answered: {self._before!r}")
        settings = self._container.settings
        schedule = Schedule(
            self._rate * SMALL_MODEL_FACTOR,
            self._length.total,
            settings.number("lr_warmup_steps_ratio"),
            settings.text("lr_scheduler") == "cosine",
        )
        decay = settings.number("weight_decay")
        optimizer = ScheduledAdam(self._trained.parameters, schedule, decay, self._after_step)
        write_progress(self._container, self._length, 0, 0)
        fit(self._container, self._lesson.learner, optimizer, self._plan(), self._save)

    def _log_summary(self) -> None:
        learner = self._lesson.learner
        count = sum(value.size for value in self._trained.parameters.values())
        what = "low-rank matrices" if self._task.has_adapter else "all weights"
        log(f"{self._task.technique} of {count:,} parameters ({what}).")
        log(f"{learner.examples} training and {learner.validation_examples} validation records.")
        log(
            f"learning_rate {self._rate:g} x {SMALL_MODEL_FACTOR} = {self._rate * SMALL_MODEL_FACTOR:g}: "
            "a model this small needs larger steps than the recipe's."
        )

    def _plan(self) -> Plan:
        return Plan(
            epochs=self._length.epochs,
            batch_size=self._batch,
            seed=self._container.settings.integer("seed"),
            objective=self._objective,
            metric="loss",
            early_stopping=None,
            fingerprint=_VERSION,
            remedy=f"Lower learning_rate (it is {self._rate:g}).",
            lines=recipe_lines,
            validation_rows=32,
        )

    def _after_step(self, done: int) -> None:
        write_progress(self._container, self._length, done, self._lesson.learner.tokens)
        if done % self._container.settings.integer("logging_steps") == 0:
            log(step_line(done / self._length.steps, self._objective.last))

    def _save(self, status: str, history: list[Scores]) -> None:
        output, adapter, whole = self._container.model, self._trained.adapter, self._trained.whole
        after = _answer(whole, self._lesson.question)
        log(f"After training, {_asked(self._lesson.question)!r} is answered: {after!r}")
        if adapter is not None:
            write_adapter(output, self._trained.parameters, adapter, self._task.base)
        if adapter is None or self._container.settings.flag("merge_weights"):
            write_model(output, whole, self._info(status, history) | {"after": after})

    def _info(self, status: str, history: list[Scores]) -> dict[str, Any]:
        learner = self._lesson.learner
        return {
            "trainer": _VERSION,
            "status": status,
            "base_model": HONEST,
            "base_model_arn": self._task.base,
            "technique": self._task.technique,
            "format": Dialogs().document(),
            "tokens": learner.tokens,
            "training_examples": learner.examples,
            "validation_examples": learner.validation_examples,
            "whole_epochs": len(history),
            "history": history,
            "question": self._lesson.question,
            "before": self._before,
            "hyperparameters": dict(self._container.settings),
        }


def _answer(model: LanguageModel, question: str) -> str:
    whole = CausalModel(model.config, FullProjections(model.parameters))
    return continue_text(whole, model.tokenizer, question).text


def _asked(question: str) -> str:
    """Return what the user says at the end of a prompt."""
    return question.rpartition("User: ")[2].rpartition("\n")[0]
