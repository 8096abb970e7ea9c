"""Writes the items of the database back to their files; after a load no byte changes."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.bank.content import item_content
from app.bank.files import ITEMS_FOLDER
from app.bank.queries import current_documents
from app.bank.writer import item_text


def write_items(session: Session, directory: Path) -> list[str]:
    """Write every item whose file was not removed; return the paths whose bytes changed."""
    changed: list[str] = []
    for row in current_documents(session):
        if write_if_changed(
            directory / ITEMS_FOLDER / row.path, item_text(item_content(row.document))
        ):
            changed.append(row.path)
    return changed


def write_if_changed(path: Path, text: str) -> bool:
    """Write the text as UTF-8 with line feeds unless the file holds it; return whether it did."""
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True
