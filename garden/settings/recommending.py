"""Comparing recommenders, and Amazon Personalize."""

from typing import Any

from garden.settings.env import env_int, env_share, env_str

# --- Learning -------------------------------------------------------------------------------------
EXPLORATION_FLOOR = env_share("EXPLORATION_FLOOR", 0.01)
EXPLORATION_CEILING = env_share("EXPLORATION_CEILING", 0.02)
PICTURE_ENCODER: dict[str, Any] = {"BACKEND": env_str("PICTURE_ENCODER", ""), "OPTIONS": {}}
SLATE_RETENTION_DAYS = env_int("SLATE_RETENTION_DAYS", 90, minimum=1)

# --- Champion, challenger, chance -----------------------------------------------------------------
RECOMMENDER_HOLDOUT = env_share("RECOMMENDER_HOLDOUT", 0.02)
RECOMMENDER_CHALLENGER: dict[str, Any] = {"BACKEND": env_str("RECOMMENDER_CHALLENGER", ""), "OPTIONS": {}}
RECOMMENDER_CHALLENGER_SHARE = env_share("RECOMMENDER_CHALLENGER_SHARE", 0.1)
RECOMMENDER_TRIAL_MARGIN = env_share("RECOMMENDER_TRIAL_MARGIN", 0.02)
RECOMMENDER_TRIAL_MINIMUM = env_int("RECOMMENDER_TRIAL_MINIMUM", 300, minimum=1)

# --- Amazon Personalize ---------------------------------------------------------------------------
PERSONALIZE = {
    "campaign": env_str("PERSONALIZE_CAMPAIGN", ""),
    "recommender": env_str("PERSONALIZE_RECOMMENDER", ""),
    "tracking_id": env_str("PERSONALIZE_TRACKING_ID", ""),
    "filter_arn": env_str("PERSONALIZE_FILTER", ""),
    "users_dataset": env_str("PERSONALIZE_USERS_DATASET", ""),
    "items_dataset": env_str("PERSONALIZE_ITEMS_DATASET", ""),
}
