"""The table that a check prints, and its exit status."""

import sys
from dataclasses import dataclass, field


@dataclass
class Report:
    """Rows of what was measured, what was wanted, and whether that was met."""

    title: str
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def check(self, what: str, met: bool, measured: object, wanted: object) -> None:
        """A row that decides about success."""
        self.rows.append((what, str(measured), str(wanted), "ok" if met else "FAILED"))

    def tell(self, what: str, measured: object, remark: object = "") -> None:
        """A row for information."""
        self.rows.append((what, str(measured), str(remark), ""))

    def finish(self) -> None:
        """Prints the table and ends the program, with 1 if a check failed."""
        print(f"\n{self.title}")
        print_table([("what", "measured", "wanted", ""), *self.rows])
        sys.exit(any(verdict == "FAILED" for *_, verdict in self.rows))


def print_table(rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as they need to be, the first row above a rule."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
