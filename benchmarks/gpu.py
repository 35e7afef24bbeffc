"""All that a GPU is to show, in one call: ours and its peers, for the shapes of SD 2.1, SDXL-Turbo and FLUX.2 [klein].

    python -m benchmarks.gpu [--shapes sd21 sdxl klein] [--model FOLDER] [--compile whole] [--seconds 570] [--json FILE]
    python -m benchmarks.gpu --tiny  # every measurement, on a processor with tiny models

Per shape, pictures a minute of: the plain loop (one `pipeline(prompt)` a picture), the plain pipeline at the engine's
batch size, the same compiled, the engine uncompiled, the engine as it is (`exact`), and its mode `fast` with the
distance of its pictures from exact ones. Then the time of the flaw check and of rounding to bytes on the device, and
the cold start: a new process with an empty cache of the compiler and a filled `warm_cache`, until its first batch is
there. Random weights (no network is reached) draw noise: distances mean something with `--model` alone, a folder of
trained weights for the first shape named. No Django is set up. After `--seconds` no further measurement begins.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.diffusion_models import build
from benchmarks.gpu_report import Report, difference, encoder_distance, machine, memory
from generation.engines.base import PictureRequest
from generation.engines.diffusers import DiffusersEngine

PROMPT = "a calm garden in spring, flowers, soft light"
CLOSE = 1.0
"""Mean difference of two pictures, of 255, that counts as the same: half-precision sums depend on the batch."""
Make = Callable[[Sequence[PictureRequest]], list[Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A card of the catalogue, the random model behind it, and the aims of times the plain loop."""

    card: str
    random: str
    tiny: str
    dtype: str
    size: tuple[int, int]
    exact: float = 0.0
    fast: float = 0.0


SHAPES = {
    "sd21": Shape("sd-2.1", "sd21-random", "tiny", "float16", (768, 512), exact=5, fast=10),
    "sdxl": Shape("sdxl-turbo", "sdxl-turbo-random", "tiny-sdxl", "float16", (512, 512)),
    "klein": Shape("flux.2-klein-4b", "klein-random", "tiny-klein", "bfloat16", (1024, 1024), exact=1.5, fast=3),
}


class Measurement:
    """One shape. The plain pipeline is the engine's own, loaded uncompiled: the same files on the same device."""

    def __init__(self, name: str, folder: Path, scratch: Path, arguments: argparse.Namespace, report: Report) -> None:
        self.name, self.shape, self.report, self.arguments = name, SHAPES[name], report, arguments
        self.folder, self.warm = folder, scratch / "warm"
        self.engine = engine_for(self.shape, folder, self.warm, arguments)
        width, height = (64, 64) if arguments.tiny else self.shape.size
        self.request = PictureRequest(PROMPT, width, height, 0)
        self.loop_rate = 0.0

    def run(self) -> None:
        for part in (self.uncompiled, self.plain_compiled, self.ours, self.cold_start):
            if self.report.has_time():
                part()
        self.engine.unload()

    def uncompiled(self) -> None:
        engine = replace(self.engine, compile="off")
        list(engine.make([replace(self.request, steps=1)]))
        self.batch = engine.batch_size(self.request)
        single = requests(self.request, self.arguments.loop)
        loop, self.loop_rate = timed(self.plain(engine, 1), single)
        self.add("plain loop", self.loop_rate)
        full = requests(self.request, 2 * self.batch)
        self.add("plain, same batch", timed(self.plain(engine, self.batch), full)[1])
        ours, rate = timed(lambda some: list(engine.make(some)), full)
        self.add("engine, uncompiled", rate, **difference(loop, ours[: len(loop)]))
        self.after_the_network()

    def after_the_network(self) -> None:
        import torch

        from generation.engines.diffusers.worker.batches import as_uint8, flaws
        from generation.engines.diffusers.worker.devices import device_for

        shape = (self.batch, 3, self.request.height, self.request.width)
        images = torch.rand(shape, device=device_for(self.arguments.device))
        for what, call in (("flaw check on the device", flaws), ("rounding and copy", as_uint8)):
            call(images)
            started = time.perf_counter()
            call(images)
            milliseconds = 1000 * (time.perf_counter() - started) / self.batch
            self.report.add(self.name, what, **{"ms a picture": round(milliseconds, 2)})

    def plain_compiled(self) -> None:
        """Diffusers' own: the same networks compiled in the same way, called plainly."""
        engine = self.engine
        pipeline = loaded_pipeline(engine)  # Prepared to compile, but called without the engine.
        full = requests(self.request, 2 * self.batch)
        _, rate, first = timed_from_first(self.plain(engine, self.batch, pipeline), full)
        self.add("plain, same batch, compiled", rate, **{"first s": first})
        engine.unload()

    def ours(self) -> None:
        warmth = self.engine.warm(self.request)
        self.batch = warmth.batch
        facts = {"batch": warmth.batch, "warm-up s": round(warmth.first + warmth.second, 1), **memory()}
        full = requests(self.request, 2 * self.batch)
        exact, rate = timed(self.make, full)
        layout = {"channels_last": warmth.channels_last, "MB a picture": round(warmth.picture_bytes / 1e6)}
        self.add("engine, exact", rate, aim=self.shape.exact or "none", **facts, **layout)
        partial, rate = timed(self.make, full[: self.batch + max(1, round(0.6 * self.batch))])
        self.add("engine, last batch padded", rate, **difference(exact[: len(partial)], partial))
        if not self.engine.card("").fast or not self.report.has_time():
            return
        quick = [replace(each, model=f"{self.shape.card}:fast") for each in full]
        fast, rate = timed(self.make, quick)
        distance = encoder_distance(exact, fast, self.arguments.encoder)
        self.add("engine, fast", rate, aim=self.shape.fast or "none", **difference(exact, fast), **distance)

    def cold_start(self) -> None:
        """The parent's clock: starting Python and reading the model are part of it."""
        self.engine.unload()
        with tempfile.TemporaryDirectory() as empty:
            started = time.perf_counter()
            command = [sys.executable, "-m", "benchmarks.gpu", "--cold", str(self.folder), *self.arguments_again()]
            environment = {**os.environ, "TORCHINDUCTOR_CACHE_DIR": empty, "TRITON_CACHE_DIR": f"{empty}/triton"}
            child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            seconds = round(time.perf_counter() - started, 1)
        if child.returncode:
            self.report.add(self.name, "cold start", failed=child.stderr.strip().splitlines()[-1])
            return
        self.report.add(self.name, "cold start, filled cache", seconds=seconds, **json.loads(child.stdout))

    def arguments_again(self) -> list[str]:
        given = self.arguments
        again = ["--shapes", self.name, "--warm", str(self.warm), "--device", given.device, "--compile", given.compile]
        again += ["--backend", given.backend] + (["--batch", str(given.batch)] if given.batch else [])
        return again + (["--tiny"] if given.tiny else [])

    def add(self, what: str, rate: float, **facts: Any) -> None:
        self.report.add(self.name, what, a_minute=round(rate, 1), times=round(rate / self.loop_rate, 2), **facts)

    def make(self, some: Sequence[PictureRequest]) -> list[Any]:
        return list(self.engine.make(some))

    def plain(self, engine: DiffusersEngine, size: int, pipeline: Any = None) -> Make:
        import torch

        pipeline, card = pipeline or loaded_pipeline(engine), engine.card("")

        def make(some: Sequence[PictureRequest]) -> list[Any]:
            images: list[Any] = []
            for start in range(0, len(some), size):
                batch = some[start : start + size]
                images += pipeline(
                    prompt=[each.prompt for each in batch],
                    width=batch[0].width,
                    height=batch[0].height,
                    num_inference_steps=batch[0].steps or card.steps,
                    guidance_scale=card.guidance,
                    generator=[torch.Generator("cpu").manual_seed(each.seed) for each in batch],
                ).images
            return images

        return make


def engine_for(shape: Shape, folder: Path, warm: Path, arguments: argparse.Namespace) -> DiffusersEngine:
    changes: dict[str, Any] = {"id": str(folder), "variant": "", "vae": "", "tiny_decoder": ""}
    if arguments.tiny:
        changes |= {"memory": 0.1, **({"steps": 6, "fast": {"steps": 3}} if shape.card == "sd-2.1" else {})}
    return DiffusersEngine(
        models={shape.card: changes},
        default_model=shape.card,
        device=arguments.device,
        compile=arguments.compile,
        compile_backend=arguments.backend,
        warm_cache=str(warm),
        max_batch=arguments.batch,
        retries=0,
    )


def loaded_pipeline(engine: DiffusersEngine) -> Any:
    from generation.engines.diffusers.worker.loading import load_model

    return load_model(engine.plan(engine.card(""))).pipeline


def requests(like: PictureRequest, count: int) -> list[PictureRequest]:
    return [replace(like, seed=seed) for seed in range(count)]


def timed(make: Make, some: Sequence[PictureRequest]) -> tuple[list[Any], float]:
    """Pictures, and how many a minute, after a call that costs few steps."""
    make([replace(each, steps=min(2, each.steps or 2)) for each in some])
    started = time.perf_counter()
    made = make(some)
    return made, 60 * len(some) / (time.perf_counter() - started)


def timed_from_first(make: Make, some: Sequence[PictureRequest]) -> tuple[list[Any], float, float]:
    """As `timed`, with the seconds of the first call, which compiles."""
    started = time.perf_counter()
    make([replace(each, steps=2) for each in some])
    first = round(time.perf_counter() - started, 1)
    return *timed(make, some), first


def measure_cold(folder: Path, arguments: argparse.Namespace) -> None:
    """In the new process: load, and make one full batch with few steps."""
    shape = SHAPES[arguments.shapes[0]]
    engine = engine_for(shape, folder, arguments.warm, arguments)
    width, height = (64, 64) if arguments.tiny else shape.size
    started = time.perf_counter()
    loaded_pipeline(engine)
    loaded = time.perf_counter()
    request = PictureRequest(PROMPT, width, height, 0)
    list(engine.make(requests(request, engine.batch_size(request))))
    ended = time.perf_counter()
    print(json.dumps({"loading s": round(loaded - started, 1), "first batch s": round(ended - loaded, 1)}))


def main() -> None:
    arguments = parse()
    if arguments.tiny:
        use_one_thread()
    if arguments.cold:
        measure_cold(arguments.cold, arguments)
        return
    report = Report(arguments.seconds, arguments.json)
    print(machine(), flush=True)
    for place, name in enumerate(arguments.shapes):
        if report.has_time():
            with tempfile.TemporaryDirectory() as scratch:
                folder = arguments.model if arguments.model and not place else model_of(name, Path(scratch), arguments)
                Measurement(name, folder, Path(scratch), arguments, report).run()
    wrong = [row for row in report.rows if row["what"] == "engine, uncompiled" and row["mean difference"] > CLOSE]
    if wrong:
        sys.exit("The engine's pictures are not those of the plain pipeline.")


def use_one_thread() -> None:
    """Tiny networks gain nothing from threads, which wait for each other on a busy machine."""
    import torch

    torch.set_num_threads(1)


def model_of(name: str, scratch: Path, arguments: argparse.Namespace) -> Path:
    shape = SHAPES[name]
    return build(shape.tiny if arguments.tiny else shape.random, scratch / "model", shape.dtype)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--model", type=Path, help="a folder of trained weights for the first shape")
    parser.add_argument("--tiny", action="store_true", help="tiny models, 64 × 64, without a real compiler")
    parser.add_argument("--device", default="", help="default: auto; with --tiny: cpu")
    parser.add_argument("--batch", type=int, help="most pictures at once; default: what fits; with --tiny: 4")
    parser.add_argument("--loop", type=int, default=4, help="pictures of the plain loop")
    parser.add_argument("--compile", default="whole", choices=("off", "blocks", "whole"))
    parser.add_argument("--backend", default="", help="of torch.compile; default: inductor; with --tiny: eager")
    parser.add_argument("--encoder", type=Path, help="folder with the picture encoder of `manage.py build_models`")
    parser.add_argument("--seconds", type=float, default=570)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--cold", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--warm", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.device = arguments.device or ("cpu" if arguments.tiny else "auto")
    arguments.backend = arguments.backend or ("eager" if arguments.tiny else "inductor")
    arguments.batch = arguments.batch or (4 if arguments.tiny else None)
    return arguments


if __name__ == "__main__":
    main()
