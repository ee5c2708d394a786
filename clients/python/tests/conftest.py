"""Real programs for the tests: the service, and the stand-in for its upstream (docs/stand-in.md)."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# What the acceptance checks run the same programs with.
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "acceptance"))

from support.rhapsode import Rhapsode
from support.stand_in import KEY, StandIn


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in that answers at once."""
    with StandIn(tmp_path / "stand_in.log") as upstream:
        yield upstream


@pytest.fixture
def service(stand_in: StandIn, tmp_path: Path) -> Iterator[Rhapsode]:
    """The service before the stand-in."""
    with Rhapsode(tmp_path / "rhapsode.log", OPENAI_BASE_URL=stand_in.base_url, OPENAI_API_KEY=KEY) as running:
        yield running
