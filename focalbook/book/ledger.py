"""The table of all claims with their recorded statuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from focalbook.book.records import RECORD_FILE, anchor, read_records

__all__ = ["ClaimLedger"]

_HEAD = ("Claim", "Status", "Checked on", "Largest residual", "Tolerance")


def _number(value: Any) -> str:
    return f"{value:.1e}" if isinstance(value, (int, float)) else "–"


class ClaimLedger(SphinxDirective):
    """``{claim-ledger}`` shows every recorded claim; each row is the target of the links to that claim."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        self.env.note_dependency(str(Path(self.env.srcdir) / RECORD_FILE))
        records = read_records(Path(self.env.srcdir))
        if not records:
            raise self.error(f"{RECORD_FILE} records no claim; run `make claims`")
        table = nodes.table(classes=["claim-ledger"])
        group = nodes.tgroup(cols=len(_HEAD))
        table += group
        group += [nodes.colspec(colwidth=1) for _ in _HEAD]
        head = nodes.thead()
        head += self._row([[nodes.paragraph(text=text)] for text in _HEAD])
        body = nodes.tbody()
        for claim_id, record in records.items():
            row = self._row(self._cells(claim_id, record))
            row["ids"].append(anchor(claim_id))
            body += row
        group += [head, body]
        return [table]

    def _cells(self, claim_id: str, record: dict[str, Any]) -> list[list[nodes.Node]]:
        status = record["status"]
        tag = nodes.paragraph()
        tag += nodes.inline("", status, classes=["claim-status", f"status-{status.replace(' ', '-')}"])
        count = record.get("count")
        checked = f"{count:,} points" if isinstance(count, int) else "–"
        return [
            self._text(f"{{prf:ref}}`{claim_id} <{claim_id.lower()}>`"),
            [tag],
            [nodes.paragraph(text=checked)],
            [nodes.paragraph(text=_number(record.get("residual")))],
            [nodes.paragraph(text=_number(record.get("tolerance")))],
        ]

    def _text(self, markdown: str) -> list[nodes.Node]:
        holder = nodes.container()
        self.state.nested_parse(
            StringList([markdown], self.get_source_info()[0]), self.content_offset, holder
        )
        return holder.children

    @staticmethod
    def _row(cells: list[list[nodes.Node]]) -> nodes.row:
        row = nodes.row()
        row += [nodes.entry("", *cell) for cell in cells]
        return row
