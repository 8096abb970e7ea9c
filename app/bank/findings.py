"""What is wrong with a file of the bank, said so that its author can put it right. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import Invalid


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: the file below the bank's folder, the line, the field, and a sentence."""

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        """Return the finding as one line, in the form that editors make clickable."""
        place = f"{self.file}:{self.line}"
        return (
            f"{place}: {self.field}: {self.sentence}"
            if self.field
            else (f"{place}: {self.sentence}")
        )


class BankFilesInvalid(Invalid):
    """The files of the bank cannot be used as they are; carries every finding at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Sort the findings by place and put them below one summary."""
        self.findings = sorted(set(findings))
        faults = "1 fault" if len(self.findings) == 1 else f"{len(self.findings)} faults"
        lines = [f"The question bank has {faults}; nothing was changed."]
        super().__init__("\n".join([*lines, *map(str, self.findings)]))
