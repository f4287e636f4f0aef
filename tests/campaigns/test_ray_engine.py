"""Runs on a cluster. Oracles: a local cluster of two workers, one of which is killed; the runs by hand."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from focalbook.campaigns import ray_engine
from focalbook.campaigns.archive import stored
from focalbook.campaigns.experiments import Surroundings
from focalbook.campaigns.ray_engine import Cluster, carry_out_remotely
from focalbook.campaigns.runner import run_campaign
from focalbook.campaigns.status import verify
from focalbook.store import Record

from .rehearse import plan

pytestmark = pytest.mark.xdist_group("ray")


def test_what_a_worker_sends_back() -> None:
    around = Surroundings("trial")
    configuration = plan(1).runs[0].configuration
    record = carry_out_remotely("rehearsal", configuration, around, None)
    assert isinstance(record, Record)
    assert record.id == plan(1).runs[0].id
    failed = carry_out_remotely("rehearsal", configuration | {"fails": True}, around, None)
    assert failed[:2] == ("failed", "the loss became nan, as the rehearsal was told")
    slow = configuration | {"seconds": 0.05, "epochs": 40}
    kind, _, expected = carry_out_remotely("rehearsal", slow, around, 0.5)
    assert kind == "too long"
    assert expected == pytest.approx(2.3, rel=0.4)


def test_without_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RuntimeError, match=r"pip install \"focalbook\[cluster\]\""):
        run_campaign(plan(1), tmp_path, engine=Cluster())


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """A head without room for runs and two workers with room for one each."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster as LocalCluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        local = LocalCluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
        for _ in range(2):
            local.add_node(num_cpus=1)
        local.wait_for_nodes()
        yield local
        import ray

        ray.shutdown()
        local.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Ray itself
def test_one_of_two_workers_is_killed(cluster: object, tmp_path: Path) -> None:
    grid = plan(8, seconds=0.5, fails=(5,))
    node = list(cluster.worker_nodes)[0]  # type: ignore[attr-defined]  # noqa: RUF015

    def kill() -> None:
        time.sleep(2.5)
        cluster.remove_node(node, allow_graceful=False)  # type: ignore[attr-defined]

    killer = threading.Thread(target=kill)
    killer.start()
    outcome = run_campaign(grid, tmp_path, engine=Cluster(cluster.address))  # type: ignore[attr-defined]
    killer.join()
    assert len(outcome.of("stored")) == 7
    assert [event.run.labels["seed"] for event in outcome.of("failed")] == ["5"]
    assert verify("trial", tmp_path) == {}
    assert {record.id for record in stored("trial", tmp_path)} == {
        run.id for run in grid.runs if run.labels["seed"] != "5"
    }
    longer = plan(9, seconds=0.5, fails=(5,))
    again = run_campaign(longer, tmp_path, engine=Cluster(cluster.address), budget=0.3)  # type: ignore[attr-defined]
    assert {event.run.labels["seed"]: event.kind for event in again.events} == {
        "5": "failed",
        "8": "too long",
    }
    assert ray_engine.RETRIES >= 1
