"""Initial networks; oracle: PyTorch's generator seeded by hand. Data checks are tested with the runs."""

from __future__ import annotations

import torch

from focalbook.nn.models import build_model
from focalbook.training.prepare import compiled_forward, initial_model
from focalbook.training.run_config import RunConfig
from focalbook.training.streams import Streams


def test_initial_weights_follow_from_the_seed_alone() -> None:
    config = RunConfig(seed=3, gamma=2.0, model_options={"hidden": [4]})
    torch.manual_seed(11)
    before = torch.get_rng_state()
    found = initial_model(config, (1, 2, 2), 3)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(Streams.of(3).weights)
    expected = build_model("mlp", (1, 2, 2), 3, hidden=[4])
    for a, b in zip(found.parameters(), expected.parameters(), strict=True):
        assert torch.equal(a, b)


def test_without_compilation_the_network_itself_is_called() -> None:
    model = initial_model(RunConfig(), (1, 2, 2), 3)
    assert compiled_forward(model, False) is model
