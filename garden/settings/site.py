"""What a site chooses: how faces are read, what is shown, made, kept and reported."""

import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from garden.faces.quality import Limits
from garden.privacy.packs import PackName, SiteContext
from garden.settings import env
from garden.settings.connections import mail, webhook

BASE_DIR = Path(__file__).resolve().parents[2]

env.section("Site")
DATA_DIR = env.path(
    "DATA_DIR",
    BASE_DIR / "var",
    "The folder of the database, pictures, face networks, broker messages and the local secret key. "
    "On a one-machine site a backup of this folder holds everything.",
)
HOST = env.text(
    "HOST", "127.0.0.1", "The address on which `make run` listens; `0.0.0.0` also accepts requests from other machines."
)
PORT = env.text("PORT", "8000", "The port on which `make run` listens.", "port")
PUBLIC_URL = env.text(
    "PUBLIC_URL",
    "",
    "The address at which phones reach this site, for QR codes. Empty: the address that the kiosk was opened with; "
    "`make run` with a `HOST` of the network uses this machine's where `ALLOWED_HOSTS` allows it. "
    "Set it where kiosks use `localhost`: without it they show no code, because phones could not open it.",
    "URL",
).rstrip("/")
TIME_ZONE = env.text(
    "TIME_ZONE", "UTC", "The time zone of pages and schedules; the database always holds UTC.", "IANA name"
)

env.section("Privacy")
PRIVACY_PACK = env.choice(
    "PRIVACY_PACK",
    tuple(PackName),
    PackName.OPEN.value,
    "The rules before a face is read: notice, consent, age gate, retention. A kiosk can have rules of its own (admin, "
    "**Kiosks**). See [privacy packs](../explanation/privacy.md#privacy-packs).",
)
SITE_CONTEXT = env.choice(
    "SITE_CONTEXT",
    tuple(SiteContext),
    SiteContext.MUSEUM.value,
    "Where the kiosks stand. At a workplace and in a school no face is read (Regulation (EU) 2024/1689, Article "
    "5(1)(f)), and `manage.py check` fails until `FACE_READING` is off.",
)
PRIVACY_CONTROLLER = env.text(
    "PRIVACY_CONTROLLER",
    "",
    "Name and address of the controller of visitors' data, as notices show them. Every pack but `open` needs it.",
)
PRIVACY_CONTACT = env.text(
    "PRIVACY_CONTACT",
    "",
    "The contact for visitors who want to see or delete their data, usually a mail address. Every pack but `open` "
    "needs it.",
)
VISITOR_RETENTION_DAYS = env.integer(
    "VISITOR_RETENTION_DAYS", 365, "Days without a visit after which a visitor is deleted.", minimum=1
)
SLATE_RETENTION_DAYS = env.integer(
    "SLATE_RETENTION_DAYS",
    90,
    "Days for which the answers of `/garden` (slates, about 3 KB each) are kept. Trials and `evaluate_recommender` "
    "use these.",
    minimum=1,
)
AUDIT_RETENTION_DAYS = env.integer(
    "AUDIT_RETENTION_DAYS", 730, "Days for which the audit log is kept; 0 is without limit."
)
SOUVENIR_DAYS = env.integer(
    "SOUVENIR_DAYS",
    90,
    "Days for which a souvenir's short link (`/s/…`) is valid. A change does not affect existing links. 0: kiosks "
    "offer no picture to take home.",
)

# --- Faces ----------------------------------------------------------------------------------------
_LOCAL_ANALYZER = "garden.faces.local.LocalAnalyzer"
_LIMITS = tuple(limit.name for limit in fields(Limits) if limit.name != "most_beside")


def _limit(value: str) -> float | None:
    if value == "off":
        return None
    if not 0 <= float(value) < float("inf"):
        raise ValueError(value)
    return float(value)


def face_quality_limits() -> dict[str, float | None]:
    return env.pairs(
        "FACE_QUALITY_LIMITS",
        {},
        "Limits of the quality check that differ from the analyzer's own, as in `darkest=0.1,most_yaw=off`. "
        f"Names: {', '.join(f'`{name}`' for name in _LIMITS)}; see "
        "[the quality check](../explanation/quality-check.md#limits).",
        parse=_limit,
        rule="`off` or a number from 0 on",
        known=_LIMITS,
    )


env.section("Faces")
FACE_READING = env.boolean(
    "FACE_READING",
    True,
    "Whether faces are read. Without it no network is loaded, `/emotion` responds with 403 `face_reading_off`, and "
    "visitors choose their mood on the wheel.",
)
FACE_ANALYZER = env.backend(
    "FACE_ANALYZER",
    _LOCAL_ANALYZER,
    "The backend that analyses faces: on this machine, or "
    "[at Amazon](../how-to/where-faces-are-read.md), or [your own](../how-to/add-a-face-analyzer.md).",
)
FACE_MODELS = env.path(
    "FACE_MODELS",
    DATA_DIR / "models" / "face",
    "The folder of the converted networks (faces and picture encoder), which `manage.py build_models` fills.",
)
if FACE_ANALYZER["BACKEND"] == _LOCAL_ANALYZER:
    FACE_ANALYZER["OPTIONS"] = {"models": FACE_MODELS, **FACE_ANALYZER["OPTIONS"]}
FACE_QUALITY_CHECK = env.choice(
    "FACE_QUALITY_CHECK",
    ("ask", "always", "off"),
    "ask",
    "The response for a face that fails the quality check. `ask`: clients that send `X-Look-Again: yes` (the kiosk) "
    "get 422 `better_look` with its `faults`, others a reading. `always`: others get 404 `No Face`. `off`: a reading.",
)
FACE_QUALITY_LIMITS = face_quality_limits()
FACE_SEVERAL = env.choice(
    "FACE_SEVERAL",
    ("largest", "centre", "refuse"),
    "largest",
    "The face that is read when a photo shows several. `centre`: the one nearest to the middle among those at least "
    "half as large as the largest. `refuse`: asks for one person at a time, as `FACE_QUALITY_CHECK` says.",
)
FACE_LIVENESS = env.boolean(
    "FACE_LIVENESS",
    False,
    "Whether pictures of a person are distinguished from persons: a hint, no protection against fraud. See "
    "[liveness](../explanation/quality-check.md#liveness).",
)
FACE_READING_SECONDS = 15
PHOTO_MAX_BYTES = 5_000_000
PHOTO_MAX_PIXELS = 25_000_000

env.section("Curation")
CURATION_VOTES_NEEDED = env.integer(
    "CURATION_VOTES_NEEDED",
    1,
    "Votes that a picture needs before its verdict counts. With 2 or more the vote is blind; see "
    "[several curators](../explanation/releases.md#several-curators).",
    minimum=1,
)
CURATION_TRASH_DAYS = env.integer(
    "CURATION_TRASH_DAYS",
    30,
    "Days for which removed pictures can be restored, before their files are deleted; 0 keeps them until the trash is "
    "purged.",
)
LOOKALIKE_DISTANCE = env.integer(
    "LOOKALIKE_DISTANCE",
    6,
    "Bits, 0 to 15, by which the 64-bit perceptual hashes of near duplicates may differ. 0 finds the same picture in "
    "another size or format, 6 small changes too. After a change run `manage.py find_lookalikes --rebuild`.",
)


def _page_of_job(job: Any) -> str:
    return reverse("curation:job-page", args=[job.pk])


ABSOLUTE_URL_OVERRIDES = {"generation.generationjob": _page_of_job}

env.section("Recommender")
RECOMMENDER = env.backend(
    "RECOMMENDER",
    "recommend.backends.embedded.EmbeddedRecommender",
    "The backend that orders pictures for a visitor and learns from likes. Its options: "
    "[the recommender](../explanation/recommender.md#options). See "
    "[add a recommender](../how-to/add-a-recommender.md).",
)
RECOMMENDER_HOLDOUT = env.share(
    "RECOMMENDER_HOLDOUT",
    0.02,
    "The share of gardens in random order, as the baseline of all comparisons; drawn for each garden.",
)
RECOMMENDER_CHALLENGER = env.backend(
    "RECOMMENDER_CHALLENGER",
    "",
    "The backend for trials against `RECOMMENDER`. It serves no visitors until `manage.py recommender_trial start`; "
    "see [compare recommenders](../how-to/compare-recommenders.md).",
)
RECOMMENDER_TRIAL_MINIMUM = 300
EXPLORATION_FLOOR = 0.01
EXPLORATION_CEILING = 0.02
COVERAGE_MONTHLY = env.integer(
    "COVERAGE_MONTHLY",
    0,
    "How often every published picture is shown in 30 days at least, as far as visitors come; 0: no such promise. The "
    "recommendation dashboard says what it costs.",
)
LIKE_RETRY_WINDOW_SECONDS = 10
GARDEN_MAX_IMAGES = 5_000
PICTURE_ENCODER = env.backend(
    "PICTURE_ENCODER",
    "recommend.encoders.EfficientNetEncoder",
    "The network whose features of pictures the recommender uses, the same in web processes and workers; empty: none. "
    "See [use another picture encoder](../how-to/add-a-recommender.md#use-another-picture-encoder).",
)
_PERSONALIZE = ("campaign", "recommender", "tracking_id", "filter_arn", "users_dataset", "items_dataset")
PERSONALIZE = dict.fromkeys(_PERSONALIZE, "") | env.options(
    "PERSONALIZE",
    "The resources of Amazon Personalize: ARNs, and the event tracker's id. Either a campaign or a domain recommender; "
    "see [use Amazon Personalize](../how-to/move-datasets.md#use-amazon-personalize).",
    known=_PERSONALIZE,
)

# --- Making pictures ------------------------------------------------------------------------------
env.section("Making pictures")
GENERATION_ENGINES: dict[str, dict[str, Any]] = {
    "painter": {"BACKEND": "generation.engines.painter.PainterEngine", "OPTIONS": {}},
}
GENERATION_ENGINES["painter"]["OPTIONS"]["hand"] = env.choice(
    "PAINTER_HAND",
    ("gouache", "ink-wash", "riso", "cut-paper"),
    "gouache",
    "How the pictures of the engine `painter` are finished; see [how the painter works](../explanation/painter.md).",
)
if DIFFUSERS_MODEL := env.text(
    "DIFFUSERS_MODEL",
    "",
    "The diffusion model of the engine `diffusers`, as `manage.py models list` names it; turns the engine on. Its "
    "workers listen to the queue `pictures.diffusers`. See [add a model](../how-to/add-a-model.md).",
):
    GENERATION_ENGINES["diffusers"] = {
        "BACKEND": "generation.engines.diffusers.DiffusersEngine",
        "OPTIONS": {"default_model": DIFFUSERS_MODEL, "warm_cache": str(DATA_DIR / "warm")},
    }
DIFFUSERS_OPTIONS = env.options(
    "DIFFUSERS_OPTIONS",
    'More options of the engine `diffusers`, as in `{"max_batch": 8, "tiny_decoder": true}`. See '
    "[add a model](../how-to/add-a-model.md#options-of-the-engine).",
)
if DIFFUSERS_OPTIONS:
    if "diffusers" not in GENERATION_ENGINES:
        raise ImproperlyConfigured("DIFFUSERS_OPTIONS has no effect without DIFFUSERS_MODEL.")
    GENERATION_ENGINES["diffusers"]["OPTIONS"] |= DIFFUSERS_OPTIONS
if SAGEMAKER := env.options(
    "SAGEMAKER",
    'The options of the engine `sagemaker`, as in `{"endpoints": ["garden-sd-1"]}`; turns the engine on. See '
    "[use SageMaker](../how-to/add-a-model.md#make-pictures-with-sagemaker-endpoints).",
):
    if not SAGEMAKER.get("endpoints"):
        raise ImproperlyConfigured("SAGEMAKER must name endpoints: without one the engine makes no picture.")
    GENERATION_ENGINES["sagemaker"] = {
        "BACKEND": "generation.engines.sagemaker.SageMakerEngine",
        "OPTIONS": SAGEMAKER,
    }
if IMAGE_SERVERS := env.options(
    "IMAGE_SERVERS",
    'The options of the engine `openai_images`, as in `{"addresses": ["http://gpu-1:8000/v1"]}`; turns the engine on. '
    "See [use image servers](../how-to/use-image-servers.md).",
):
    if not IMAGE_SERVERS.get("addresses"):
        raise ImproperlyConfigured("IMAGE_SERVERS must name addresses: without one the engine makes no picture.")
    GENERATION_ENGINES["openai_images"] = {
        "BACKEND": "generation.engines.openai_images.OpenAIImagesEngine",
        "OPTIONS": IMAGE_SERVERS,
    }
GENERATION_DEFAULT_ENGINE = env.text(
    "GENERATION_DEFAULT_ENGINE", "painter", "The engine of requests that do not name one."
)
ENGINE_PRICES = env.pairs(
    "ENGINE_PRICES",
    {},
    "What an hour of a worker of an engine costs, as in `diffusers=3.20`: pages then tell what pictures cost.",
    parse=env.price,
    rule="an amount of money",
    known=(),
)
CURRENCY = env.text("CURRENCY", "EUR", "The currency of `ENGINE_PRICES`, as three letters of ISO 4217.")
GROW_ENGINE = env.text(
    "GROW_ENGINE",
    "painter",
    "The engine of pictures that grow at a kiosk while the visitor watches; empty: kiosks do not offer it. Engines "
    "other than `painter` use the prompt templates that curators enabled. See [grow pictures for visitors]"
    "(../how-to/grow-pictures.md).",
)
GROWN_UNREVIEWED = env.boolean(
    "GROWN_UNREVIEWED",
    False,
    "Whether a visitor may take a grown picture home and send it to the wall before a curator has seen it.",
)
WALLS_SHOW_GROWTH = env.boolean(
    "WALLS_SHOW_GROWTH",
    False,
    "Whether walls show for three seconds how a grown picture grew when it arrives; never on screens that ask for "
    "reduced motion.",
)
WALLS_PARALLAX = env.boolean(
    "WALLS_PARALLAX",
    False,
    "Whether walls slowly move what is near in pictures of the painter; never on screens that ask for reduced motion.",
)
GROW_SAFETY_LIMIT = env.share(
    "GROW_SAFETY_LIMIT",
    1.0,
    "The largest probability of sexual content at which a grown picture of an engine other than `painter` is shown, as "
    "in `0.3`; 1: not checked. See [grow pictures for visitors](../how-to/grow-pictures.md#choose-what-grows).",
)
GROW_BLOCKED_WORDS = env.strings("GROW_BLOCKED_WORDS", "", "No picture is grown from a prompt with one of these words.")
SITE_HEMISPHERE = env.choice(
    "SITE_HEMISPHERE", ("north", "south"), "north", "Where the site is: grown pictures show its season."
)
GENERATION_LEASE_SECONDS = 60
GENERATION_HEARTBEAT_SECONDS = 2
GENERATION_MAX_ATTEMPTS = 3
GENERATION_TASK_SECONDS = 60
GENERATION_UNLOAD_SECONDS = 600
GENERATION_STORING_THREADS = min(4, os.cpu_count() or 1)  # Encode pictures while the next batch is made; 0: before it.
TEXT2IMAGE_WAIT_SECONDS = 25
RENDER_WAIT_SECONDS = 30
PICTURE_WAITS = 16
PICTURE_WAITS_PER_USER = 4
PICTURE_TAGGER: dict[str, Any] = {"BACKEND": "generation.tagging.record.RecordTagger", "OPTIONS": {}}
if CLIP_MODEL := env.text(
    "CLIP_MODEL",
    "",
    "The folder of a CLIP model (`config.json`, `*.safetensors`, the tokenizer's files) that tags pictures for the "
    "editor, in workers of the engine `diffusers`. Empty: tags come from the picture's record and its colours.",
    "absolute path",
):
    PICTURE_TAGGER = {"BACKEND": "generation.tagging.clip.ClipTagger", "OPTIONS": {"model": CLIP_MODEL}}
RETOUCH_CANVAS_DAYS = 365


def _price(value: str) -> int:
    if not value.isascii() or not value.isdecimal() or int(value[:5]) > 1_000:
        raise ValueError(value)
    return int(value)


def retouch_prices() -> dict[str, int]:
    return env.pairs(
        "RETOUCH_PRICES",
        {},
        "The price in credits of a finished retouch for each engine, as in `diffusers=3,sagemaker=8`; the default is "
        "1. See [limit retouches by credits](../how-to/retouch-a-picture.md#limit-retouches-by-credits).",
        parse=_price,
        rule="a whole number from 0 to 1000",
        known=(),
    )


RETOUCH_PRICES = retouch_prices()
GPU_HOST_CONTROLLER = env.backend(
    "GPU_HOST_CONTROLLER",
    "generation.gpu_hosts.NoHostController",
    "The backend that starts and stops GPU hosts; see "
    "[start GPU hosts on demand](../how-to/add-a-model.md#start-gpu-hosts-on-demand).",
)
GPU_HOST_ENGINES = ["diffusers"]
GPU_HOST_IDLE_MINUTES = 15
PROVENANCE_SIGNING = True
PROVENANCE_KEY = env.path(
    "PROVENANCE_KEY",
    DATA_DIR / "signing" / "site.pem",
    "The private key that signs new pictures (C2PA), and its certificates, leaf first (PEM). `manage.py "
    "make_signing_key` makes it; without the file pictures have only XMP. Back it up with `anchors.pem` in the same "
    "folder. See [provenance](../explanation/provenance.md).",
)

env.section("Alarms and mail")
ALERT_AFTER_SECONDS = env.integer(
    "ALERT_AFTER_SECONDS",
    120,
    "Seconds for which a device may be silent, report a problem or show an old picture before it raises an alarm; "
    "devices report every 15 seconds. See [kiosks and walls](../how-to/monitor-a-site.md#watch-kiosks-and-walls).",
    minimum=60,
)
ALERT_WEBHOOK_URL = webhook(
    env.text(
        "ALERT_WEBHOOK_URL",
        "",
        "The URL to which alarms are posted as JSON; the field `text` is a readable summary.",
        "`https://` URL, or `http://` on this machine",
    )
)
ALERT_WEBHOOK_SECRET = env.text(
    "ALERT_WEBHOOK_SECRET",
    "",
    "Signs the posted alarms: `X-Garden-Signature: sha256=…` is the HMAC-SHA-256 of `X-Garden-Timestamp`, a full stop "
    "and the body.",
    secret=True,
)
ALERT_EMAILS = env.strings("ALERT_EMAILS", "", "Recipients of a mail when alarms begin and end.")
globals().update(  # EMAIL_HOST, EMAIL_PORT and the others of Django.
    mail(
        env.text(
            "EMAIL_URL",
            "smtp://localhost:25",
            "The mail server: `smtp://`, `smtp+tls://` (STARTTLS, often port 587) or `smtp+ssl://` (TLS from the first "
            "byte, often port 465), as in `smtp+tls://user:password@mail.example.org:587`.",
            "URL",
            secret=True,
        )
    )
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "garden@localhost", "The sender of mails.")
