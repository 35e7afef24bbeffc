"""`deploy/kubernetes`: plain manifests, the same parts, pods that ask the cluster for nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.deploy.known import QUEUES, ROOT, mixing_pictures, queues_in, unknown_settings, wrong_pools

FOLDER = ROOT / "deploy" / "kubernetes"
Manifest = dict[str, Any]


def manifests() -> Iterator[Manifest]:
    for name in yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]:
        yield from yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))


PODS = {m["metadata"]["name"]: m["spec"]["template"]["spec"] for m in manifests() if m["kind"] in ("Deployment", "Job")}


def containers(pod: Manifest) -> list[Manifest]:
    return [*pod.get("initContainers", []), *pod["containers"]]


def test_it_has_every_part() -> None:
    assert set(PODS) == {"attendant", "beat", "gpu-worker", "migrate", "painter", "web", "worker"}
    assert queues_in([c["command"] for pod in PODS.values() for c in pod["containers"]]) == QUEUES


def test_pictures_have_workers_of_one_process_without_other_work() -> None:
    commands = [container["command"] for pod in PODS.values() for container in pod["containers"]]
    assert (mixing_pictures(commands), wrong_pools(commands)) == ([], [])


def test_no_manifest_is_forgotten() -> None:
    named = set(yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"])
    assert {path.name for path in FOLDER.glob("*.yaml")} == named | {"kustomization.yaml"}


@pytest.mark.parametrize("name", sorted(PODS))
def test_pods_pass_the_restricted_standard(name: str) -> None:
    pod = PODS[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in containers(pod):
        assert container["securityContext"] == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"memory"} <= set(container["resources"]["limits"])
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/data", "/tmp", "/run/secrets/garden"}


@pytest.mark.parametrize("name", sorted(set(PODS) - {"migrate"}))
def test_a_pod_waits_for_migrations_and_is_probed(name: str) -> None:
    (waiting,) = PODS[name]["initContainers"]
    assert "migrate --check" in waiting["command"][-1]
    (container,) = PODS[name]["containers"]
    if name != "web":
        assert "/tmp/alive" in container["livenessProbe"]["exec"]["command"][-1]
        return
    assert container["readinessProbe"]["httpGet"]["path"] == "/healthz/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz/live"
    assert "touch /tmp/draining" in container["lifecycle"]["preStop"]["exec"]["command"][-1]


def test_every_setting_it_gives_is_one_that_is_read() -> None:
    (shared,) = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["configMapGenerator"]
    given = {literal.partition("=")[0] for literal in shared["literals"]}
    own = {env["name"] for pod in PODS.values() for c in containers(pod) for env in c.get("env", [])}
    assert "SECRET_KEY_FILE" in given
    assert unknown_settings(given | own) == []


def test_one_clock_runs_for_the_whole_site() -> None:
    (beat,) = [m for m in manifests() if m["metadata"]["name"] == "beat"]
    assert (beat["spec"]["replicas"], beat["spec"]["strategy"]["type"]) == (1, "Recreate")


def test_the_ingress_hands_on_whole_bodies_and_no_page_for_operators() -> None:
    """The longest path wins: operators' pages lead to a service without pods, which an ingress answers itself."""
    (ingress,) = [manifest for manifest in manifests() if manifest["kind"] == "Ingress"]
    annotations = ingress["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/proxy-request-buffering"] == "on"
    assert annotations["nginx.ingress.kubernetes.io/proxy-body-size"] == "12m"
    services = {m["metadata"]["name"]: m["spec"] for m in manifests() if m["kind"] == "Service"}
    for rule in ingress["spec"]["rules"]:
        backends = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
        assert backends["/"] == "web"
        assert not any("selector" in services[backends[page]] for page in ("/metrics", "/healthz"))
