"""Which rules of privacy hold here, and who answers for them."""

from garden.privacy.contexts import SiteContext
from garden.privacy.packs import PackName
from garden.settings.env import env_bool, env_choice, env_str

PRIVACY_PACK = env_choice("PRIVACY_PACK", tuple(PackName), PackName.OPEN.value)
SITE_CONTEXT = env_choice("SITE_CONTEXT", tuple(SiteContext), SiteContext.MUSEUM.value)
FACE_READING = env_bool("FACE_READING", True)
PRIVACY_CONTROLLER = env_str("PRIVACY_CONTROLLER", "")
PRIVACY_CONTACT = env_str("PRIVACY_CONTACT", "")
