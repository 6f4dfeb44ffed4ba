"""The filled-in `.env` and the data stay on the machine and their owner's: out of the repository, out of the image."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import ROOT, environment


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_the_file_of_passwords_and_the_data_are_left_out(name: str) -> None:
    left_out = {line.rstrip("/") for line in (ROOT / name).read_text().splitlines()}
    assert {".env", "var"} <= left_out


def test_the_data_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=environment(folder), umask=0o022, check=True)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "secret_key")}
    assert modes == {folder: 0o700, folder / "secret_key": 0o600}
