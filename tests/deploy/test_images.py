"""The Dockerfile and what it is given."""

import re

import pytest

from tests.deploy.known import ROOT, unknown_settings

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
_STAGE = r"^FROM \S+ AS (\S+)\n(.*?)(?=^FROM |\Z)"
STAGES: dict[str, str] = dict(re.findall(_STAGE, TEXT, re.MULTILINE | re.DOTALL))
PARENTS = {stage: parent for parent, stage in re.findall(r"^FROM (\S+) AS (\S+)", TEXT, re.MULTILINE)}
FINAL = ("web", "gpu-worker")


def lineage(stage: str) -> str:
    """Everything that a final image is made by."""
    parent = PARENTS[stage]
    return (lineage(parent) if parent in STAGES else "") + STAGES[stage]


@pytest.mark.parametrize("stage", FINAL)
def test_an_image_runs_as_nobody_in_particular_and_is_watched(stage: str) -> None:
    made = lineage(stage)
    assert "USER 10001:10001" in made
    assert "HEALTHCHECK" in made
    assert not re.search(r"\b(apt-get|pip install|npm|gcc)\b", made)  # Nothing is built where it runs.


def test_torch_is_in_the_image_of_gpu_workers_alone() -> None:
    assert "COPY --from=diffusion-packages" in STAGES["gpu-worker"]
    assert "torch" in STAGES["diffusion-packages"]
    assert "diffusion" not in lineage("web")


@pytest.mark.parametrize("stage", FINAL)
def test_what_builds_the_face_networks_is_in_no_image(stage: str) -> None:
    assert "tools.txt" in STAGES["tools"]
    assert not {"tools", "garden"} & set(re.findall(r"COPY --from=(\S+) /venv", STAGES[stage]))
    assert re.search(r"build_models.*rm -rf node_modules tools ", STAGES["garden"], re.DOTALL)


def test_web_is_what_is_built_when_nothing_is_named() -> None:
    assert list(STAGES)[-1] == "web"


@pytest.mark.parametrize("stage", FINAL)
def test_every_setting_it_gives_is_one_that_is_read(stage: str) -> None:
    given = {
        name for line in re.findall(r"^ENV (.*)$", lineage(stage), re.MULTILINE) for name in re.findall(r"(\w+)=", line)
    }
    others = {"PATH", "HOME", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    others |= {"NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES"}
    assert unknown_settings(given - others) == []


def test_an_image_is_given_code_alone() -> None:
    """Everything is left out but what is named; a new folder with data never slips in."""
    first, *admitted = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in ("#", "")]
    assert first == "**"
    named = {line[1:] for line in admitted if line.startswith("!")}
    rooms = {"curation", "docs", "garden", "generation", "recommend", "templates", "tools", "requirements"}
    assert named == rooms | {"manage.py", "package.json", "package-lock.json", "pyproject.toml"}
    assert all((ROOT / name).exists() for name in named)
