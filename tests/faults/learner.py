"""A process that likes and learns: `python -m tests.faults.learner NAME`, one order of learner_orders a line."""

import sys

import django


def main(name: str) -> None:
    django.setup()
    from tests.faults.learner_orders import Orders

    orders = Orders(name)
    _say("ready")
    for line in sys.stdin:
        order, _, number = line.strip().partition(" ")
        _say(getattr(orders, order)(int(number or 0)))


def _say(answer: str) -> None:
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
