"""Tell the garden the weather of the site, which pictures grown for visitors show."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from generation.growing import set_weather
from generation.prompts.templates import WEATHERS


class Command(BaseCommand):
    help = "Set the weather that pictures grown for visitors show, for example from a weather service every hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("weather", choices=[*WEATHERS, "none"])
        parser.add_argument("--hours", type=int, default=3, help="how long it counts (default: 3)")

    def handle(self, *args: Any, **options: Any) -> None:
        weather = "" if options["weather"] == "none" else options["weather"]
        set_weather(weather, options["hours"])
        self.stdout.write(f"Grown pictures show {options['weather']} weather for {options['hours']} hours.")
