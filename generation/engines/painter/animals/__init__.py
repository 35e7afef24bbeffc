"""Animals, modelled from limbs and lit by the scene."""
