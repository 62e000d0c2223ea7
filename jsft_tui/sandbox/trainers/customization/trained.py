"""The parameters that a customization trains: low-rank matrices beside the model's, or all weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jsft_tui.sandbox.trainers.common.optimizers import Parameters
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.customization.base_model import LanguageModel
from jsft_tui.sandbox.trainers.language.network.adapters import AdapterConfig, LowRankProjections, merged, new_adapter
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections, Projections


@dataclass(frozen=True)
class Trained:
    """The parameters that are trained, and how they make a whole model.

    Attributes:
        projections: the parameters within the model.
        start: the model before training.
        adapter: the sizes of the adapter; None if all weights are trained.
    """

    projections: Projections
    start: LanguageModel
    adapter: AdapterConfig | None

    @classmethod
    def weights_of(cls, start: LanguageModel) -> Trained:
        """Train all weights."""
        own = {name: value.copy() for name, value in start.parameters.items()}
        return cls(FullProjections(own), start, None)

    @classmethod
    def adapter_of(cls, start: LanguageModel, settings: Settings) -> Trained:
        """Train low-rank matrices of the sizes that the hyperparameters say."""
        rank, alpha = settings.integer("lora_rank"), settings.integer("lora_alpha")
        config = AdapterConfig(rank, alpha, settings.number("lora_dropout"))
        adapter = new_adapter(start.parameters, config, np.random.default_rng(settings.integer("seed")))
        return cls(LowRankProjections(start.parameters, adapter, config), start, config)

    @property
    def parameters(self) -> Parameters:
        """What is trained."""
        return self.projections.parameters

    @property
    def whole(self) -> LanguageModel:
        """The model as it is now."""
        if self.adapter is None:
            return LanguageModel(self.start.config, self.parameters, self.start.tokenizer)
        parameters = merged(self.start.parameters, self.parameters, self.adapter)
        return LanguageModel(self.start.config, parameters, self.start.tokenizer)
