"""Pages that visitors see: the kiosk and the souvenir."""
