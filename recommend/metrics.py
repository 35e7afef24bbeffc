"""What recommending shows: what visitors said, and how often the recommender could not answer."""

from prometheus_client import Counter

SAID = Counter("garden_said", "What visitors said of pictures.", ["kind"])
GARDENS = Counter("garden_gardens", "Gardens that were asked for, by who ordered them.", ["order"])
