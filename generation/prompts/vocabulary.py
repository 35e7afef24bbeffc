"""The garden's first vocabulary: words that pictures are described with. Curators change it in the admin."""

from garden.vocabulary import Emotion

WORDS: dict[str, str] = {
    "mood": " ".join(Emotion) + " joyful serene melancholy dramatic dreamy mysterious playful tender",
    "subject": "cat dog bird rabbit butterfly fish deer fox owl turtle bee horse duck squirrel hedgehog elephant frog "
    "bear swan dragonfly",
    "plant": "sunflower camellia rose lotus poppy iris passionflower moss mushroom fern bluebell daisy tulip lavender "
    "peony hydrangea wisteria ivy grass reeds willow birch oak maple blossom leaves",
    "place": "garden meadow forest grove path pond lake river bridge waterfall hill mountain field greenhouse "
    "courtyard sky sea rocks",
    "season": "spring summer autumn winter",
    "weather": "sunny cloudy rain snow fog storm windy rainbow",
    "time": "dawn day sunset night moonlight",
    "colour": "red orange yellow green turquoise blue purple pink brown white grey black",
    "style": "painting watercolor impressionism photograph illustration abstract soft vivid detailed backlit",
}


def words() -> list[tuple[str, str]]:
    """(word, kind), each word once."""
    found: dict[str, str] = {}
    for kind, listed in WORDS.items():
        for word in listed.split():
            found.setdefault(word, kind)
    return list(found.items())
