"""What the doctor says of one subject."""

from django.utils.module_loading import autodiscover_modules

from garden.ops.doctor import Finding, Health, examine

autodiscover_modules("doctor")


def findings_of(subject: str) -> list[Finding]:
    return list(examine([subject]))


def worst(subject: str) -> Finding:
    """The gravest finding, the first of its kind."""
    order = [Health.FAILED, Health.WARNING, Health.WELL]
    return min(findings_of(subject), key=lambda finding: order.index(finding.health))
