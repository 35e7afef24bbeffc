"""Print docs/reference/settings.md from the declarations: `python -m garden.settings.reference`."""

import importlib
import os
import sys

SECTIONS = (
    "Site",
    "Production",
    "Services",
    "Kiosks",
    "Staff",
    "Requests",
    "Privacy",
    "Faces",
    "Recommender",
    "Making pictures",
    "Curation",
    "Alarms and mail",
    "Operations",
)
HEAD = """# Settings

Written by `python -m garden.settings.reference > docs/reference/settings.md`: edit `garden/settings/` instead.

Every setting of the site is an environment variable:

| with | set it in | then |
| --- | --- | --- |
| `make run` | the shell: `TIME_ZONE=Asia/Seoul make run` | |
| [Debian](../how-to/install-on-debian.md) | `/etc/emotion-garden/environment` | `systemctl restart garden.target` |
| [compose](../how-to/deploy.md) | `environment` of `compose.yaml` | `docker compose up --detach` |

What differs between devices is set in the admin instead: of a kiosk its place, privacy rules and where it reads faces
(*Kiosks*); of a wall its pictures, times and pauses (*Zones*, *Displays*, *Playlists*); users, keys and webhooks.

With an invalid value the site does not start, and the error names the
variable and the rule. Any of them can be read from a file: `SECRET_KEY_FILE=/run/secrets/key` for `SECRET_KEY`; both at
once are refused. Secrets (🔒) are better in files: child processes inherit the environment.

`make run` uses `garden.settings.local`, a public site `DJANGO_SETTINGS_MODULE=garden.settings.production`. Lists are
comma-separated; switches are 1/0, true/false, yes/no or on/off. Other settings can be changed in your own settings
module that begins with `from garden.settings.production import *`.

Libraries read variables of their own: boto3 `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL_SQS`,
`AWS_SHARED_CREDENTIALS_FILE` and others; OpenTelemetry `OTEL_…`; Prometheus' client
`PROMETHEUS_MULTIPROC_DIR`, the folder in which several web processes of one machine add up their metrics (empty at each
start); granian `GRANIAN_…`.
"""


def page() -> str:
    """The whole page, for the environment of this process."""
    os.environ.setdefault("SECRET_KEY", "only-for-this-page-0123456789-abcdefghijklmnopqrstuvwxyz")
    os.environ.setdefault("ALLOWED_HOSTS", "page.invalid")
    settings = importlib.import_module("garden.settings.production")
    from garden.settings.env import VARIABLES

    lines = [HEAD.rstrip()]
    for section in SECTIONS:
        lines += ["", f"## {section}", "", "| variable | takes | default | meaning |", "| --- | --- | --- | --- |"]
        for variable in (each for each in VARIABLES.values() if each.section == section):
            default = _shown(variable.default, str(settings.DATA_DIR), str(settings.BASE_DIR))
            lock = " 🔒" if variable.secret else ""
            cells = (
                f'<a id="{variable.name.lower()}"></a>`{variable.name}`{lock}',
                variable.takes,
                default,
                variable.meaning,
            )
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _shown(default: str | None, data_dir: str, base_dir: str) -> str:
    if default is None:
        return "must be set"
    if not default:
        return "empty"
    if default != data_dir:
        default = default.replace(data_dir, "DATA_DIR")
    return f"`{default.replace(base_dir + '/', '')}`"


if __name__ == "__main__":
    sys.stdout.write(page())
