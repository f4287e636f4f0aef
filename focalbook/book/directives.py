"""The box at the top of a chapter and the role that names a claim with its status.

In a chapter::

    ```{chapter-box}
    :claims: FE-1 FE-2
    :source: shah2026focal
    :section: Sections 2 and 3
    ```

    By {claim}`FE-1` the focal-entropy is finite if and only if the cross-entropy is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from focalbook.book.records import RECORD_FILE, anchor, read_records, split_ids

__all__ = ["ChapterBox", "ClaimRole", "claim_link", "resolve", "runtime"]

LOGGER = logging.getLogger(__name__)


class claim_link(nodes.Inline, nodes.Element):
    """A claim in the text, before it is known where the ledger is."""


class runtime(nodes.Inline, nodes.Element):
    """The chapter's execution time, before it is known."""


def _claim(claim_id: str, env: Any, location: Any) -> claim_link:
    records = read_records(Path(env.srcdir))
    env.note_dependency(str(Path(env.srcdir) / RECORD_FILE))
    if claim_id not in records:
        LOGGER.warning(
            "claim %s has no recorded status: check the id, or record it with `make claims`",
            claim_id,
            location=location,
        )
    return claim_link(claim=claim_id, status=records.get(claim_id, {}).get("status", "not recorded"))


class ClaimRole(SphinxRole):
    """``{claim}`FE-8``` names a claim, shows its recorded status and links to its row in the ledger."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the node; a wrong id is a warning, which the strict build treats as an error."""
        return [_claim(self.text.strip(), self.env, self.get_location())], []


class ChapterBox(SphinxDirective):
    """Say what a chapter covers: source, claims with their statuses, execution time."""

    has_content = False
    option_spec: ClassVar = {
        "claims": directives.unchanged_required,
        "source": directives.unchanged_required,
        "section": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Build the box as a definition list."""
        rows = nodes.definition_list(classes=["chapter-facts"])
        if "source" in self.options:
            keys = ",".join(self.options["source"].replace(",", " ").split())
            section = f", {self.options['section']}" if "section" in self.options else ""
            rows += self._row("Source", self._text(f"{{cite:t}}`{keys}`{section}"))
        if "claims" in self.options:
            try:
                ids = split_ids(self.options["claims"])
            except ValueError as error:
                raise self.error(str(error)) from error
            line = nodes.paragraph(classes=["claim-list"])
            for claim_id in ids:
                line += [_claim(claim_id, self.env, self.get_location()), nodes.Text(" ")]
            rows += self._row("Claims", [line])
        time = nodes.paragraph()
        time += runtime()
        rows += self._row("Run time", [time])
        box = nodes.container(classes=["chapter-box"])
        box += rows
        return [box]

    def _text(self, markdown: str) -> list[nodes.Node]:
        holder = nodes.container()
        self.state.nested_parse(
            StringList([markdown], self.get_source_info()[0]), self.content_offset, holder
        )
        return holder.children

    @staticmethod
    def _row(term: str, body: list[nodes.Node]) -> nodes.definition_list_item:
        item = nodes.definition_list_item()
        item += nodes.term(text=term)
        item += nodes.definition("", *body)
        return item


def _resolved_claim(node: claim_link, app: Sphinx, docname: str) -> nodes.inline:
    claim_id, status = node["claim"], node["status"]
    ledger = app.config.focalbook_ledger
    label: nodes.Node = nodes.Text(claim_id)
    if ledger in app.env.all_docs:
        target = "" if ledger == docname else app.builder.get_relative_uri(docname, ledger)
        label = nodes.reference("", claim_id, internal=True, refuri=f"{target}#{anchor(claim_id)}")
    tag = nodes.inline("", status, classes=["claim-status", f"status-{status.replace(' ', '-')}"])
    return nodes.inline("", "", label, nodes.Text(" "), tag, classes=["claim"])


def _runtime_text(app: Sphinx, docname: str) -> str:
    data = getattr(app.env, "nb_metadata", {}).get(docname, {}).get("exec_data")
    seconds = data.get("runtime") if data else None
    if seconds is None:
        return "this page runs no code"
    return f"{seconds:.1f} s to execute this chapter when this copy of the book was built"


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the nodes that need the whole book or the execution to be known."""
    for claim in list(doctree.findall(claim_link)):
        claim.replace_self(_resolved_claim(claim, app, docname))
    for node in list(doctree.findall(runtime)):
        node.replace_self(nodes.Text(_runtime_text(app, docname)))
