"""Static files, at addresses that carry the hash of the whole tree and may be kept for ever.

One hash for all of them, in the folder part of the address, so that a relative import of one ES
module by another keeps the version.
"""

import gzip
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from app.settings import Settings
from app.web.headers import security_headers

STATIC_DIRECTORY = Path(__file__).resolve().parent / "static"


def install(app: Flask, settings: Settings) -> None:
    """Serve the static tree before Flask is asked, and give templates ``asset(path)``."""
    version = tree_hash(STATIC_DIRECTORY)
    prefix = f"/static/{version}/"
    fixed = tuple(security_headers(https=settings.https))

    def add_headers(headers: Any, *_file: str) -> None:
        for name, value in fixed:
            headers[name] = value

    # For the type checker: wrapping wsgi_app is how Flask documents adding middleware.
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(_compressed_tree(STATIC_DIRECTORY, settings.var_directory / "static" / version)),
        prefix=prefix,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=add_headers,
    )
    known = frozenset(_files(STATIC_DIRECTORY))

    def asset(path: str) -> str:
        """Return the address of a static file; raises LookupError when there is no such file."""
        if path not in known:
            raise LookupError(f"There is no static file {path}.")
        return prefix + path

    app.jinja_env.globals["asset"] = asset


def tree_hash(directory: Path) -> str:
    """Return twelve hexadecimal digits that change when any file of the tree does."""
    digest = hashlib.sha256()
    for path in _files(directory):
        digest.update(path.encode() + b"\0" + (directory / path).read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _files(directory: Path) -> list[str]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return sorted(path.relative_to(directory).as_posix() for path in files)


def _compressed_tree(source: Path, target: Path) -> Path:
    """Return a copy of the tree with .br and .gz beside each file, made once per version.

    Where nothing can be written, the files are served as they are.
    """
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(dir=target.parent))
    except OSError:
        return source
    shutil.copytree(source, building, dirs_exist_ok=True)
    for path in _files(source):
        _compress_beside(building / path)
    try:
        os.rename(building, target)
    except OSError:
        # Another worker was faster; its copy is the same.
        shutil.rmtree(building)
    return target


def _compress_beside(path: Path) -> None:
    content = path.read_bytes()
    for suffix, smaller in (
        (".br", brotli.compress(content)),
        (".gz", gzip.compress(content, mtime=0)),
    ):
        if len(smaller) < len(content) * 0.9:
            path.with_name(path.name + suffix).write_bytes(smaller)
