"""The filled-in `.env` and the data stay on the machine: out of the repository, and out of the image."""

import pytest

from tests.server import ROOT


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_the_file_of_passwords_and_the_data_are_left_out(name: str) -> None:
    left_out = {line.rstrip("/") for line in (ROOT / name).read_text().splitlines()}
    assert {".env", "var"} <= left_out
