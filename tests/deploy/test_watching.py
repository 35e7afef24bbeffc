"""Alerts and the dashboard ask for measures that the garden really exports, by labels that it really gives."""

import json
import re
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from curation import metrics as curating
from garden.ops import metrics as own
from garden.ops.metrics import write_metrics
from generation import metrics as making
from recommend.services import gardens, likes
from tests.deploy.known import ROOT

pytestmark = pytest.mark.django_db
ROOMS = (own, making, gardens, likes, curating)
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
ALERTS: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "garden.json").read_text(encoding="utf-8"))
PLOTS = {p["title"]: [t["expr"] for t in p.get("targets", [])] for p in DASHBOARD["panels"] if p["type"] != "row"}
ASKED = [alert["expr"] for alert in ALERTS] + [query for queries in PLOTS.values() for query in queries]
WORDS = {"le", "job"}
"""Labels that Prometheus and its client give."""


def exported() -> dict[str, set[str]]:
    """Every sample's name, and the labels that it may have."""
    families = text_string_to_metric_families(write_metrics().decode())
    found = {sample.name: set(sample.labels) for family in families for sample in family.samples}
    for collector, names in REGISTRY._collector_to_names.items():
        found |= {name: {*getattr(collector, "_labelnames", ()), *found.get(name, ())} for name in names}
    return found


def test_rules_lie_beside_the_file_that_names_them() -> None:
    """So that they are found wherever the folder is, and `promtool check config` reads them."""
    folder = ROOT / "deploy" / "prometheus"
    (rules,) = yaml.safe_load((folder / "prometheus.yml").read_text(encoding="utf-8"))["rule_files"]
    assert not rules.startswith("/")
    assert (folder / rules).is_file()


def test_it_queries_measures_and_labels_that_exist() -> None:
    known = exported()
    for query in ASKED:
        names = set(re.findall(r"\bgarden_\w+", query))
        assert names or "up{" in query, query
        assert names <= known.keys(), query
        labels = set(re.findall(r"(\w+)\s*(?:=~|!=|=)\s*\"", query))
        grouped = re.findall(r"\b(?:by|on) \(([^)]*)\)", query)
        labels |= {label for group in grouped for label in re.split(r",\s*", group)}
        assert labels <= {label for name in names for label in known[name]} | WORDS, query


def test_every_measure_is_plotted_or_alerts() -> None:
    asked = " ".join(ASKED)
    ours = {
        re.sub(r"_(total|count|sum|bucket|created)$", "", name) for name in exported() if name.startswith("garden_")
    }
    assert {name for name in ours if name not in asked} <= {"garden_states_seconds"}


def test_every_alert_says_what_happened_and_what_to_do() -> None:
    assert len(ALERTS) == 15
    for alert in ALERTS:
        assert set(alert["annotations"]) == {"summary", "action"}
        assert alert["labels"]["severity"] in ("page", "warning")
        assert alert["for"]
