"""`python -m benchmarks.rehearsal_rows ZONE KIOSKS`: the zone, and as many kiosks in it; prints their keys."""

import sys

import django


def main(zone_name: str, kiosks: int) -> None:
    django.setup()
    from garden.models import Kiosk, KioskKey, Zone

    zone, _ = Zone.objects.get_or_create(name=zone_name)
    for number in range(kiosks):
        kiosk = Kiosk.objects.create(name=f"Kiosk {number + 1}", zone=zone)
        _row, key = KioskKey.objects.create_key(name=kiosk.name, kiosk=kiosk)
        print(key)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
