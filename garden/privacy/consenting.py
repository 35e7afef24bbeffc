"""Taking a consent: exactly what the notice asks for, to the words that hold now, or nothing."""

from collections.abc import Sequence

from garden.models import Consent, Kiosk
from garden.privacy.errors import ConsentRefusedError
from garden.privacy.packs import Younger
from garden.privacy.policy import Policy


def give_consent(
    *,
    kiosk: Kiosk | None,
    notice: str,
    language: str,
    statements: Sequence[str],
    of_age: bool,
    guardian: bool = False,
    signed: bool = False,
) -> Consent:
    """Raises FaceReadingOffError, or ConsentRefusedError that says what is missing."""
    policy = Policy.at(kiosk)
    policy.refuse_reading()
    if notice != policy.notice.version:
        raise ConsentRefusedError("The notice has changed: show it anew.", notice=policy.notice.version)
    by_guardian = _is_by_guardian(policy, of_age=of_age, guardian=guardian)
    _refuse_unticked(policy, statements, by_guardian=by_guardian)
    if policy.pack.signed and not signed:
        raise ConsentRefusedError("This consent must be signed.", signed=True)
    return Consent.objects.create(
        kiosk=kiosk,
        pack=policy.pack.name.value,
        notice=notice,
        language=language,
        statements=sorted(set(statements)),
        by=Consent.By.GUARDIAN if by_guardian else Consent.By.VISITOR,
        signed=signed,
    )


def _is_by_guardian(policy: Policy, *, of_age: bool, guardian: bool) -> bool:
    gate = policy.pack.gate
    if gate is None or of_age:
        return False
    if gate.younger is Younger.NOT_READ:
        raise ConsentRefusedError(f"Faces of people under {gate.age} are not read here.", age=gate.age)
    if not guardian:
        raise ConsentRefusedError(f"Under {gate.age} a parent or guardian must agree.", age=gate.age)
    return True


def _refuse_unticked(policy: Policy, statements: Sequence[str], *, by_guardian: bool) -> None:
    wanted = [*policy.pack.statements, *([policy.pack.guardian_statement] if by_guardian else [])]
    missing = [statement for statement in wanted if statement not in statements]
    if missing:
        raise ConsentRefusedError("Not everything was agreed to.", missing=missing)
