"""What the check of a picture's file came to, in words for its visitor: nothing is said that was not verified."""

from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garden.models import Image
from garden.souvenirs.checking import check_picture
from garden.souvenirs.provenance import Finding, Signature

WITHOUT_TRAINING = "/algorithmicMedia"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A state (for programs and icons), a headline, a sentence, and the facts that the signature covers."""

    state: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()


TITLES: dict[Signature, Promise | str] = {
    Signature.UNKNOWN_SIGNER: gettext_lazy("Signed, by somebody we do not know"),
    Signature.EXPIRED: gettext_lazy("Signed, but the signature's time has ended"),
    Signature.BROKEN: gettext_lazy("Changed after it was made"),
    Signature.MISSING: gettext_lazy("Not signed"),
}
SENTENCES: dict[Signature, Promise | str] = {
    Signature.VALID: gettext_lazy("We checked the file: it is exactly as this garden made it."),
    Signature.UNKNOWN_SIGNER: gettext_lazy("The file is as it was signed. Who signed it, this garden cannot say."),
    Signature.EXPIRED: gettext_lazy("The file is as it was signed, with a certificate that has ended since."),
    Signature.BROKEN: gettext_lazy("The file is not as it was made. What it says of itself cannot be trusted."),
    Signature.MISSING: gettext_lazy("The file carries no signature, so nobody can check where it comes from."),
}


def credentials_of(image: Image) -> Credentials:
    finding = check_picture(image)
    if finding is None:
        return Credentials("unchecked", _("Not checked"), _("The file could not be checked just now."))
    title = _signed_title(finding) if finding.holds else str(TITLES[finding.signature])
    return Credentials(finding.signature.name.lower(), title, str(SENTENCES[finding.signature]), _facts(finding))


def _signed_title(finding: Finding) -> str:
    by_program = finding.source_type.endswith(WITHOUT_TRAINING)
    return _("Made by a program, signed") if by_program else _("Made by AI, signed")


def _facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Only of a file that is as it was signed: of any other they would be hearsay."""
    if finding.signature in (Signature.BROKEN, Signature.MISSING):
        return ()
    made_with = f"{finding.engine} {finding.model}".strip()
    facts = ((_("Signed by"), finding.signer), (_("Made with"), made_with), (_("Made on"), _day(finding.made_at)))
    return tuple((name, value) for name, value in facts if value)


def _day(made_at: str) -> str:
    try:
        moment = parse_datetime(made_at)
    except ValueError:
        return ""
    return date_format(moment, "DATE_FORMAT") if moment else ""
