"""What the recommender's rooms do for visitors; views call these."""

from recommend.services.describing import describe_missing
from recommend.services.gardens import Garden, GardenWish, recommend_garden
from recommend.services.history import append_interactions
from recommend.services.likes import Like, UnknownImageError, record_like
from recommend.services.rebuilding import Rebuilt, all_interactions, rebuild_rates
from recommend.services.retention import forget_old_slates
from recommend.services.warming import warm_up

__all__ = [
    "Garden",
    "GardenWish",
    "Like",
    "Rebuilt",
    "UnknownImageError",
    "all_interactions",
    "append_interactions",
    "describe_missing",
    "forget_old_slates",
    "rebuild_rates",
    "recommend_garden",
    "record_like",
    "warm_up",
]
