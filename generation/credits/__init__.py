"""What people may spend on retouches: held while a picture waits, charged once it is finished."""
