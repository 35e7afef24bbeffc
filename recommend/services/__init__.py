"""What the recommender's rooms do for visitors; views call these."""

from recommend.services.descriptions import describe_missing
from recommend.services.gardens import Garden, GardenWish, recommend_garden, warm_up_recommenders
from recommend.services.history import Rebuilt, all_interactions, append_interactions, rebuild_rates
from recommend.services.likes import Like, UnknownImageError, record_like
from recommend.services.retention import forget_old_slates

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
    "warm_up_recommenders",
]
