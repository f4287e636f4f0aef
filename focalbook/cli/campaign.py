"""``focalbook campaign``: grids of runs that continue where they stopped."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from focalbook.cli.errors import CommandError

if TYPE_CHECKING:
    from focalbook.campaigns.plan import Plan
    from focalbook.campaigns.runner import Engine, Event, Outcome

__all__ = ["add_arguments", "main"]

_EXAMPLES = """examples:
  focalbook campaign plan cifar100             the runs, in their order
  focalbook campaign run cifar100 --budget 9m  as many as fit into nine minutes; again: the next ones
  focalbook campaign run cifar100 --budget 9m --archive records.zip
  focalbook campaign run my-grid.toml --engine ray --address auto
  focalbook campaign status cifar100           what is stored, what is missing
  focalbook campaign merge records.zip         take over records made elsewhere
  focalbook campaign verify cifar100           read all of it and compare with the manifest

A campaign is a TOML file: [base] settings, [axes] along which runs differ. Records lie in results/NAME.
Stopping at any moment, by any means, loses no more than the runs that are under way.

exit status: 0 all is well; 1 runs failed, records are damaged or in conflict; 2 wrong use.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``focalbook campaign``."""
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    plan = actions.add_parser("plan", help="list the runs of a campaign, or the campaigns there are")
    plan.add_argument("name", metavar="NAME", nargs="?", help="campaign, or a .toml file; none lists them")
    run = actions.add_parser("run", help="carry out what is missing")
    run.add_argument("name", metavar="NAME", help="campaign, or a .toml file")
    run.add_argument("--budget", metavar="TIME", help="time it may take, for example 540s, 9m, 1h30m")
    run.add_argument("--limit", type=int, metavar="N", help="carry out at most N runs")
    run.add_argument(
        "--device", default="auto", help="cpu, cuda, ...; by default an accelerator if there is one"
    )
    run.add_argument("--data-folder", type=Path, metavar="DIR", help="where the data sets are")
    run.add_argument("--compile", action="store_true", help="compile networks with torch.compile")
    run.add_argument(
        "--archive", type=Path, metavar="FILE", help="afterwards, pack all records into a ZIP file"
    )
    run.add_argument("--engine", choices=("local", "ray"), default="local", help="where runs are carried out")
    run.add_argument("--address", default="auto", help="of the Ray cluster")
    status = actions.add_parser("status", help="show what is stored and what is missing")
    status.add_argument("name", metavar="NAME", help="campaign, or a .toml file")
    merge = actions.add_parser("merge", help="take over the records of an archive")
    merge.add_argument("archive", type=Path, metavar="ARCHIVE", help="made by run --archive")
    merge.add_argument("--replace", action="store_true", help="let them take the place of different records")
    verify = actions.add_parser("verify", help="read every record and compare with the manifest")
    verify.add_argument("name", metavar="NAME", help="campaign, or a .toml file")
    verify.add_argument("--set-aside", action="store_true", help="move damaged records out of the way")
    for action in (run, status, merge, verify):
        action.add_argument("--results", type=Path, metavar="DIR", help="./results or above by default")


def main(args: argparse.Namespace) -> int:
    """Run ``focalbook campaign``; return the exit status."""
    actions = {"plan": _plan, "run": _run, "status": _status, "merge": _merge, "verify": _verify}
    try:
        return actions[args.action](args)
    except (
        ValueError,
        OSError,
        RuntimeError,
    ) as error:  # plans, records, files, clusters: all say what to do
        raise CommandError(str(error)) from error


def _load(args: argparse.Namespace) -> Plan:
    from focalbook.campaigns.plan import load_plan

    return load_plan(args.name)


def _results(args: argparse.Namespace) -> Path:
    from focalbook.campaigns.archive import results_folder

    return args.results or results_folder()


def _show(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    for row in (headings, *rows):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _plan(args: argparse.Namespace) -> int:
    from focalbook.campaigns.plan import known_plans, parse_plan

    if args.name is None:
        plans = [parse_plan(text, name) for name, text in known_plans().items()]
        _show(("campaign", "runs", "title"), [(p.name, str(len(p.runs)), p.title) for p in plans])
        return 0
    plan = _load(args)
    rows = [
        (str(k), run.id, *(run.labels.get(axis, "") for axis in plan.axes))
        for k, run in enumerate(plan.runs, 1)
    ]
    _show(("", "run", *plan.axes), rows)
    return 0


def _engine(args: argparse.Namespace) -> Engine:
    if args.engine == "ray":
        from focalbook.campaigns.ray_engine import Cluster

        return Cluster(args.address, args.device, args.data_folder, args.compile)
    from focalbook.campaigns.runner import ThisProcess

    return ThisProcess(args.device, args.data_folder, args.compile)


def _run(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from focalbook.campaigns.budget import parse_duration
    from focalbook.campaigns.runner import run_campaign
    from focalbook.campaigns.shelf import Shelf
    from focalbook.campaigns.transport import pack
    from focalbook.io.atomic import check_target

    if args.limit is not None and args.limit < 1:
        raise CommandError(f"--limit must be at least 1, got {args.limit}")
    if args.archive:
        check_target(args.archive)
    plan, results = _load(args), _results(args)
    budget = None if args.budget is None else parse_duration(args.budget)
    done = len({run.id for run in plan.runs} & Shelf(results, plan.name).done())
    with tqdm(total=len(plan.runs), initial=done, unit="run", desc=plan.name, file=sys.stderr) as bar:

        def report(event: Event) -> None:
            if event.kind == "stored":
                bar.update()
            took = f" {event.seconds:.0f} s" if event.seconds else ""
            bar.write(
                f"{event.kind:<9}  {event.run.id}  {event.run.title}{took} {event.message}".rstrip(),
                file=sys.stderr,
            )

        outcome = run_campaign(
            plan, results, budget=budget, engine=_engine(args), limit=args.limit, report=report
        )
    _summarise(plan, outcome)
    if args.archive:
        count = pack([results / plan.name], args.archive)
        print(f"{count} records in {args.archive}", file=sys.stderr)
    return 1 if outcome.of("failed") else 0


def _summarise(plan: Plan, outcome: Outcome) -> None:
    for line in outcome.tidied:
        print(line, file=sys.stderr)
    stored, failed = len(outcome.of("stored")), len(outcome.of("failed"))
    print(
        f"{plan.name}: {stored} stored, {failed} failed, {outcome.pending} of {len(plan.runs)} pending, "
        f"{outcome.seconds:.0f} s",
        file=sys.stderr,
    )


def _status(args: argparse.Namespace) -> int:
    from focalbook.campaigns.shelf import Shelf
    from focalbook.campaigns.status import stored_runs, table

    plan = _load(args)
    shelf = Shelf(_results(args), plan.name)
    records = stored_runs(plan, shelf)
    _show(*table(plan, records))
    strangers = len(shelf.done()) - len(records)
    more = f"; {strangers} more that the plan does not know" if strangers else ""
    print(f"\n{len(records)} of {len(plan.runs)} runs stored{more}")
    return 0


def _merge(args: argparse.Namespace) -> int:
    from focalbook.campaigns.transport import merge

    outcome = merge(args.archive, _results(args), args.replace)
    for name in outcome.conflicts:
        print(f"conflict: {name} is there with another content and was left as it is", file=sys.stderr)
    print(
        f"{len(outcome.added)} added, {len(outcome.present)} there already, "
        f"{len(outcome.replaced)} replaced, {len(outcome.conflicts)} in conflict"
    )
    return 1 if outcome.conflicts else 0


def _verify(args: argparse.Namespace) -> int:
    from focalbook.campaigns.shelf import Shelf
    from focalbook.campaigns.status import set_aside, verify

    plan, results = _load(args), _results(args)
    wrong = verify(plan.name, results)
    for name, reason in wrong.items():
        print(f"{name}: {reason}")
    print(f"{len(Shelf(results, plan.name).done())} records read, {len(wrong)} files with something wrong")
    if wrong and args.set_aside:
        print(f"moved to {set_aside(plan.name, results, list(wrong))}: their runs are pending again")
    return 1 if wrong else 0
