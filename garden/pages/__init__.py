"""What visitors see: the kiosk, its pairing, the souvenir."""
