"""The experiment ``training`` of campaigns: one network, trained and measured as in a single run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from focalbook.campaigns import single
from focalbook.campaigns.experiments import Surroundings
from focalbook.store import Record
from focalbook.training import RunConfig

__all__ = ["configure", "execute"]


def configure(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a run, every setting included.

    Raises
    ------
    ValueError
        As for :meth:`focalbook.training.RunConfig.from_dict`.
    """
    return RunConfig.from_dict(settings).to_dict()


def execute(configuration: Mapping[str, Any], around: Surroundings) -> Record:
    """Train and measure; see :func:`focalbook.campaigns.single.execute`."""
    return single.execute(
        RunConfig.from_dict(configuration),
        folder=around.data_folder,
        device=around.device,
        compile=around.compile,
        campaign=around.campaign,
        watch=around.watch,
    )
