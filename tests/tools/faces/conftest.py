"""The converted networks and the photograph that these tests share with those of the analyzer."""

from tests.garden.faces.conftest import astronaut, models

__all__ = ["astronaut", "models"]
